/** What the metrics of the world are: the `# TYPE` and `# HELP` lines that its targets would expose. */
const METADATA: Readonly<Record<string, readonly [type: string, help: string]>> = {
  build_info: ['gauge', 'The revision that runs, as a label; always 1.'],
  go_goroutines: ['gauge', 'Number of goroutines that currently exist.'],
  go_info: ['gauge', 'Information about the Go environment.'],
  http_request_duration_seconds: ['histogram', 'Time from the first byte of a request to the last of its answer.'],
  http_requests_total: ['counter', 'Requests answered, by status code, method and handler.'],
  node_boot_time_seconds: ['gauge', 'Unix time at which the host was started.'],
  node_cpu_seconds_total: ['counter', 'Seconds the CPUs spent in each mode.'],
  node_filesystem_avail_bytes: ['gauge', 'Filesystem space available to non-root users in bytes.'],
  node_filesystem_size_bytes: ['gauge', 'Filesystem size in bytes.'],
  node_load1: ['gauge', '1m load average.'],
  node_memory_MemAvailable_bytes: ['gauge', 'Memory information field MemAvailable_bytes.'],
  node_memory_MemTotal_bytes: ['gauge', 'Memory information field MemTotal_bytes.'],
  nodejs_eventloop_lag_seconds: ['gauge', 'Lag of event loop in seconds.'],
  nodejs_version_info: ['gauge', 'Node.js version info.'],
  probe_duration_seconds: ['gauge', 'Returns how long the probe took to complete in seconds'],
  probe_ssl_earliest_cert_expiry: ['gauge', 'Returns earliest SSL cert expiry in unixtime'],
  probe_success: ['gauge', 'Displays whether or not the probe was a success'],
  process_cpu_seconds_total: ['counter', 'Total user and system CPU time spent in seconds.'],
  process_open_fds: ['gauge', 'Number of open file descriptors.'],
  process_resident_memory_bytes: ['gauge', 'Resident memory size in bytes.'],
  process_start_time_seconds: ['gauge', 'Start time of the process since unix epoch in seconds.'],
};

/** `/api/v1/metadata` */
export function metadataView(metric: string): Record<string, { type: string; help: string; unit: string }[]> {
  const wanted = Object.entries(METADATA).filter(([name]) => metric === '' || name === metric);
  return Object.fromEntries(wanted.map(([name, [type, help]]) => [name, [{ type, help, unit: '' }]]));
}
