/**
 * The configuration that the world's Alertmanager works by, as `GET /api/v2/status` prints it: with every default filled in.
 * The receivers are named only: what they do is the world's pipeline.
 */
export const CONFIG = `global:
  resolve_timeout: 5m
  http_config:
    follow_redirects: true
    enable_http2: true
  smtp_hello: localhost
  smtp_require_tls: true
  pagerduty_url: https://events.pagerduty.com/v2/enqueue
  opsgenie_api_url: https://api.opsgenie.com/
  wechat_api_url: https://qyapi.weixin.qq.com/cgi-bin/
  victorops_api_url: https://alert.victorops.com/integrations/generic/20131114/alert/
  telegram_api_url: https://api.telegram.org
  webex_api_url: https://webexapis.com/v1/messages
route:
  receiver: sns
  group_by:
  - alertname
  - service
  continue: false
  routes:
  - receiver: watchdog
    matchers:
    - severity="none"
    continue: false
    group_wait: 0s
    group_interval: 30s
    repeat_interval: 50s
  group_wait: 0s
  group_interval: 30s
  repeat_interval: 4h
inhibit_rules:
- source_matchers:
  - alertname="ServiceDown"
  target_matchers:
  - alertname="HighErrorRatio"
  equal:
  - service
receivers:
- name: sns
- name: watchdog
templates: []
`;
