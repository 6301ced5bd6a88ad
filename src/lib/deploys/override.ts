/** The input by which a deploy passes the hold on purpose, where its workflow has one; a choice of `no` and `yes`. */
export const OVERRIDE_INPUT = 'override_hold';
export const OVERRIDE_YES = 'yes';
