# shellcheck shell=sh
# One HTTPS request from this host's own network position, for hosts whose sshd forwards nothing. Changes nothing.
# URL, CA_PEM (empty: any certificate is taken, and nothing secret may be sent), CONNECT_SECONDS; AUTHORIZATION: value
# of the header, or empty. Prints {"http": "200", "body": BASE64} or {"error": "connect", "curl": "28", "message": …}.

# escaped TEXT: for a quoted value in curl's config file.
escaped() {
  printf '%s\n' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'
}

write_request() {
  printf 'url = "%s"\n' "$(escaped "$URL")"
  if [ -n "${AUTHORIZATION:-}" ]; then printf 'header = "Authorization: %s"\n' "$(escaped "$AUTHORIZATION")"; fi
}

remove_folder() { rm -rf "$folder"; }

main() {
  has curl || die no-curl 'there is no curl on this host'
  case $URL in https://*) ;; *) die bad-url 'only https addresses are asked' ;; esac
  case $URL${AUTHORIZATION:-} in *[[:cntrl:]]*) die bad-value 'a control character in the address or the credential' ;; esac
  if [ -z "$CA_PEM" ] && [ -n "${AUTHORIZATION:-}" ]; then die no-ca 'a credential is only sent to a server whose certificate is checked'; fi
  umask 077
  folder=$(mktemp -d "$ROOT/tmp/k3s-gpu-actions.XXXXXX") || die no-folder 'no folder could be made in /tmp'
  on_stop remove_folder
  # -q: the user's own .curlrc has no say. The credential goes by standard input, where nobody else sees it.
  set -- -q -sS --connect-timeout "$CONNECT_SECONDS" --max-time "$((CONNECT_SECONDS + 3))" -w '\n%{http_code}'
  if [ -n "$CA_PEM" ]; then
    printf '%s\n' "$CA_PEM" >"$folder/ca.pem"
    set -- "$@" --cacert "$folder/ca.pem"
  else
    set -- "$@" -k
  fi
  # The agent will connect directly, so a proxy of the login environment would answer another question.
  unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
  code=0
  write_request | NO_PROXY='*' curl "$@" -K - >"$folder/answer" 2>"$folder/said" || code=$?
  if [ "$code" != 0 ]; then
    emit error connect curl "$code" message "$(tail -c 1000 "$folder/said")"
    return 0
  fi
  # The last four bytes are the line break and the status.
  size=$(($(wc -c <"$folder/answer") - 4))
  if [ "$size" -gt 65536 ]; then size=65536; fi
  if has base64; then
    body=$(head -c "$size" "$folder/answer" | base64 | tr -d '\n')
  else
    body=$(head -c "$size" "$folder/answer" | openssl base64 -A)
  fi
  emit http "$(tail -c 3 "$folder/answer")" body "$body"
}
