# shellcheck shell=sh
# The two editors of apply.sh: text in, text out. They change what they are asked to and keep every other byte.

# change_environment <FILE: the file with the new values; $1 is read first, one line a value, so that no secret is an argument.
# Reads assignments as systemd does (src/basic/env-file.c): quotes open a value or follow a closed quote, a backslash
# at the end of a line continues it. Exit code 2: a quote that does not end.
change_environment() {
  awk '
    function written(name, value) {
      if (value !~ "[^A-Za-z0-9:._/@%+=,-]") return name "=" value
      if (value !~ /[\047\\]/) return name "=\047" value "\047"
      gsub(/[\\"`$]/, "\\\\&", value)
      return name "=\"" value "\""
    }
    # Reads one more line of an assignment; 1 when the next line belongs to it.
    function scan(text,   at, char, following) {
      for (at = 1; at <= length(text); at++) {
        char = substr(text, at, 1)
        following = substr(text, at + 1, 1)
        if (char == "\\" && quote != "\047") {
          if (at == length(text)) return 1
          at++
          value = value following
          place = "value"
        } else if (quote != "") {
          if (char == quote) { quote = ""; place = "start" } else value = value char
        } else if (place == "start" && (char == "\"" || char == "\047")) quote = char
        else if (place == "start" && (char == " " || char == "\t")) continue
        else { value = value char; place = "value" }
      }
      if (quote != "") { value = value "\n"; return 1 }
      sub(/[ \t\r]+$/, "", value)
      return 0
    }
    function finish() {
      if (key in wanted) {
        if (!seen[key]++) print value == wanted[key] ? lines : written(key, wanted[key])
      } else print lines
      key = ""
    }
    NR == 1 { wanted["K3S_URL"] = $0; next }
    NR == 2 { if ($0 != "") wanted["K3S_TOKEN"] = $0; next }
    key != "" {
      lines = lines "\n" $0
      if (!scan($0)) finish()
      next
    }
    inComment {
      print
      inComment = $0 ~ /\\$/
      next
    }
    match($0, /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) {
      key = substr($0, 1, RLENGTH - 1)
      gsub(/[ \t]/, "", key)
      lines = $0
      value = ""
      quote = ""
      place = "start"
      if (!scan(substr($0, RLENGTH + 1))) finish()
      next
    }
    {
      print
      inComment = $0 ~ /^[ \t]*[#;].*\\$/
    }
    END {
      if (key != "") exit 2
      if (!seen["K3S_URL"]) print written("K3S_URL", wanted["K3S_URL"])
      if (("K3S_TOKEN" in wanted) && !seen["K3S_TOKEN"]) print written("K3S_TOKEN", wanted["K3S_TOKEN"])
    }'
}

# without_arguments ENDED <PIECES of split_exec: the file again, less the named arguments and their values. ENDED: yes
# or no, whether its last line ends. Exit code 3: the command is not k3s itself, or more than one.
without_arguments() {
  awk -v names="$REMOVE_ARGUMENTS" -v ended="$1" '
    function show(text) { out = out text }
    BEGIN {
      count = split(names, list, " ")
      # Go reads -node-label like --node-label.
      for (i = 1; i <= count; i++) {
        gone[list[i]] = 1
        sub(/^--/, "-", list[i])
        gone[list[i]] = 1
      }
    }
    $1 == "before" { show(substr($0, 8)) }
    $1 == "gap" { gap = substr($0, 5) }
    $1 == "word" { raw = substr($0, 6) }
    $1 == "text" {
      text = substr($0, 6)
      if (!words++) {
        program = text
        sub(/^[-@:+!]+/, "", program)
        sub(/.*\//, "", program)
        if (program != "k3s") exit 3
      }
      if (text == ";") exit 3
      name = text
      sub(/=.*/, "", name)
      if (dropValue) dropValue = 0
      else if (words > 1 && (name in gone)) dropValue = text !~ /=/
      else show(gap raw)
      gap = ""
    }
    $1 == "after" {
      show(gap "\001" substr($0, 7))
      gsub(/\001/, "\n", out)
      printf "%s", ended == "no" ? substr(out, 1, length(out) - 1) : out
    }'
}
