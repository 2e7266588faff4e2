# shellcheck shell=sh
# Part of k3s's survey: what configuration files say of labels, taints and a few arguments of the kubelet.

k3s_mark=$(printf '\001')

# k3s_settings FILE PATH: values that decide whether the kubelet starts, and no others, one fact a key, its values with \001
# between them; "added" when it is written with +, so that it is added to what earlier files say. YAML as people write
# these files: a scalar, a list in brackets (also over several lines) or one item a line. Of kubelet-arg only the
# arguments that a check asks about.
k3s_settings() {
  awk '
    function say(value) {
      sub(/^[ \t]+/, "", value); sub(/[ \t\r]+$/, "", value)
      if (value == "" || value == "~" || value == "null" || count >= 256) return
      if (key == "kubelet-arg" && value !~ /^(node-labels|fail-swap-on|fail-cgroupv1)=/) return
      count++
      gsub(/\001/, " ", value)
      printf "\001%s", substr(value, 1, 400)
    }
    # Items of a list in brackets, or one scalar: what is quoted may hold commas, brackets and #.
    function read(text, isList,   at, char, item, quote, wasQuoted) {
      item = ""; quote = ""; wasQuoted = 0
      for (at = 1; at <= length(text); at++) {
        char = substr(text, at, 1)
        if (quote != "") {
          if (char == "\\" && quote == "\"") { at++; item = item substr(text, at, 1) }
          else if (char == quote && quote == "\047" && substr(text, at + 1, 1) == quote) { at++; item = item char }
          else if (char == quote) quote = ""
          else item = item char
        }
        else if ((char == "\"" || char == "\047") && item ~ /^[ \t]*$/) { quote = char; wasQuoted = 1; item = "" }
        else if (char == "#" && (at == 1 || substr(text, at - 1, 1) ~ /[ \t]/)) break
        else if (isList && char == ",") { say(item); item = ""; wasQuoted = 0 }
        else if (isList && char == "]") { say(item); return 0 }
        else if (!(wasQuoted && char ~ /[ \t\r]/)) item = item char
      }
      say(item)
      # A list goes on in the next line.
      return isList
    }
    open { open = read($0, 1); next }
    /^[ \t]*(#|$)/ { next }
    match($0, /^["\047]?(node-label|node-taint|kubelet-arg)\+?["\047]?[ \t]*:([ \t]|$|\r)/) {
      key = substr($0, 1, RLENGTH)
      rest = substr($0, RLENGTH + 1)
      gsub(/["\047: \t\r]/, "", key)
      added = sub(/\+$/, "", key) ? "true" : "false"
      # Without a value too, since it takes the place of what earlier files say.
      printf "%s%s %s", isNotFirst++ ? "\n" : "", key, added
      if (sub(/^[ \t]*\[/, "", rest)) open = read(rest, 1)
      else if (rest !~ /^[ \t]*(#|$)/) read(rest, 0)
      next
    }
    /^[ \t]*-([ \t]|$)/ { if (key != "") { sub(/^[ \t]*-/, ""); read($0, 0) }; next }
    /^[^ \t]/ { key = "" }
    END { if (isNotFirst) print "" }' "$1" | while IFS= read -r line; do
    values=''
    case $line in *"$k3s_mark"*) values=${line#*"$k3s_mark"} ;; esac
    line=${line%%"$k3s_mark"*}
    emit fact k3s.setting path "$2" key "${line% *}" added:n "${line#* }" values "$values"
  done
}
