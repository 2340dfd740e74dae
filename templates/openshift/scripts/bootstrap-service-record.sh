#!/bin/bash
# Keeps a record of what the services of this machine do, for whoever looks for the cause of a failure. Their scripts source this file. A unit says in
# RECORD whose record it is: /var/log/openshift/RECORD.json, an array with an entry for the start and the end of the service and of each stage. A script
# that systemd runs before or after a service's own says its name in PRE_COMMAND or POST_COMMAND.

RECORD_FILE=/var/log/openshift/${RECORD:-$(basename "$0" .sh)}.json
RECORD_SCOPE=service
[[ -z ${PRE_COMMAND:-} ]] || RECORD_SCOPE=pre-command
[[ -z ${POST_COMMAND:-} ]] || RECORD_SCOPE=post-command
RECORD_STAGE=
RECORD_ERROR=

# record PHASE [RESULT [ERROR_MESSAGE]]: appends an entry, without what is empty. A record that cannot be written stops nothing.
record() {
  mkdir -p "${RECORD_FILE%/*}"
  [[ -s $RECORD_FILE ]] || echo '[]' >"$RECORD_FILE"
  if jq --arg timestamp "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" --arg phase "$1" --arg pre "${PRE_COMMAND:-}" --arg post "${POST_COMMAND:-}" \
    --arg stage "$RECORD_STAGE" --arg result "${2:-}" --arg line "$([[ ${2:-} != failure ]] || echo "$RECORD_ERROR")" --arg message "${3:-}" \
    '. + [{$timestamp, $phase, preCommand: $pre, postCommand: $post, $stage, $result, errorLine: $line, errorMessage: $message}
      | with_entries(select(.value != ""))]' "$RECORD_FILE" >"$RECORD_FILE.new"; then
    mv "$RECORD_FILE.new" "$RECORD_FILE"
  else
    echo "cannot add to $RECORD_FILE" >&2
  fi
}

# What the service said last.
last_lines() { journalctl --unit="${RECORD:-}.service" --lines=3 --output=cat --no-pager 2>/dev/null || true; }

# stage_begin NAME
stage_begin() {
  if [[ -n $RECORD_STAGE ]]; then
    echo "stage $1 may not begin while stage $RECORD_STAGE is open" >&2
    return 1
  fi
  RECORD_STAGE=$1
  record "stage start"
}

# stage_end success|failure: of the stage that is open.
stage_end() {
  if [[ $1 == success ]]; then
    record "stage end" success
  else
    [[ ${FUNCNAME[1]} == record_end ]] || RECORD_ERROR="${BASH_LINENO[0]} ${BASH_SOURCE[1]}"
    record "stage end" failure "$(last_lines)"
  fi
  RECORD_STAGE=
}

record_end() {
  local status=$?
  trap - EXIT ERR
  if ((status == 0)); then
    [[ -z $RECORD_STAGE ]] || stage_end success
    record "$RECORD_SCOPE end" success
  else
    [[ -z $RECORD_STAGE ]] || stage_end failure
    record "$RECORD_SCOPE end" failure "$(last_lines)"
  fi
  exit "$status"
}

set -o errtrace
trap 'RECORD_ERROR="$LINENO ${BASH_SOURCE[0]:-$0}"' ERR
trap 'exit 143' TERM
trap record_end EXIT
record "$RECORD_SCOPE start"
