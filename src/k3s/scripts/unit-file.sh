# shellcheck shell=sh
# How files of the host are read by more than one script: their mode, and the command line of a unit taken apart.

# mode_of FILE: 600, 755, 4755 …, from ls, because stat has other options on every system.
mode_of() {
  _mode=$(ls -ld "$1" 2>/dev/null) || return 1
  printf '%s\n' "$_mode" | awk '
    function digit(text, high) {
      value = 0
      if (substr(text, 1, 1) == "r") value += 4
      if (substr(text, 2, 1) == "w") value += 2
      if (substr(text, 3, 1) ~ /[xst]/) value += 1
      if (substr(text, 3, 1) ~ /[sStT]/) special += high
      return value
    }
    NR == 1 {
      special = 0
      user = digit(substr($1, 2, 3), 4)
      group = digit(substr($1, 5, 3), 2)
      other = digit(substr($1, 8, 3), 1)
      printf "%s%d%d%d\n", special ? special : "", user, group, other
    }'
}

# split_exec <UNIT: the command line of the one ExecStart, taken apart so that it can be put together again byte by byte.
# One line a piece, its line breaks written as \001: "before" and "after" hold the rest of the file, "gap" what stands
# between two words, "word" a word as it is written, "text" the same word as systemd reads it (systemd.service(5):
# single and double quotes, backslash escapes, continuation lines with comments between them).
# Exit code 1: no ExecStart or several; 2: quotes that do not end, or escapes in a form that is not known here.
split_exec() {
  awk '
    function say(kind, value) {
      gsub(/\n/, "\001", value)
      print kind " " value
    }
    # 1: the line goes on in the next one.
    function continues(line) { return line ~ /\\$/ }
    {
      if (inside) {
        command = command "\n" $0
        # A comment between continuation lines ends nothing.
        if ($0 !~ /^[ \t]*[#;]/) inside = continues($0)
        next
      }
      if (other) {
        if ($0 !~ /^[ \t]*[#;]/) other = continues($0)
      } else if ($0 ~ /^[ \t]*\[/) {
        section = $0
      } else if ($0 !~ /^[ \t]*[#;]/) {
        if (section ~ /^[ \t]*\[Service\]/ && match($0, /^[ \t]*ExecStart[ \t]*=[ \t]*/)) {
          if (length($0) > RLENGTH) {
            found++
            head = substr($0, 1, RLENGTH)
            command = substr($0, RLENGTH + 1)
            before = rest
            rest = ""
            inside = continues($0)
            next
          }
        } else other = continues($0)
      }
      rest = rest $0 "\n"
    }
    END {
      if (found != 1) exit 1
      before = before head
      count = 0
      state = "gap"
      piece = ""
      plain = ""
      quote = ""
      isNew = 0
      for (at = 1; at <= length(command); at++) {
        char = substr(command, at, 1)
        following = substr(command, at + 1, 1)
        if (isNew && quote == "") {
          # First character of a continuation line: a comment is part of the gap.
          isNew = 0
          if (match(substr(command, at), /^[ \t]*[#;][^\n]*\n?/)) {
            if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
            piece = piece substr(command, at, RLENGTH)
            at += RLENGTH - 1
            isNew = 1
            continue
          }
        }
        if (char == "\\" && (following == "\n" || at == length(command))) {
          if (quote != "") exit 2
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char following
          at++
          isNew = 1
          continue
        }
        if (quote == "" && (char == " " || char == "\t" || char == "\n" || char == "\r")) {
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char
          continue
        }
        if (state == "gap") { kinds[++count] = "gap"; raw[count] = piece; state = "word"; piece = ""; plain = "" }
        piece = piece char
        if (char == "\\") {
          if (following !~ /["\\ \047]/) {
            # \n, \x20 and their like: nothing that k3s is given needs them; they stay as they are written.
            plain = plain char following
          } else plain = plain following
          piece = piece following
          at++
        } else if (quote == "" && (char == "\"" || char == "\047")) quote = char
        else if (char == quote) quote = ""
        else plain = plain char
      }
      if (quote != "") exit 2
      if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; piece = "" }
      kinds[++count] = "gap"
      raw[count] = piece
      say("before", before)
      for (at = 1; at <= count; at++) {
        say(kinds[at], raw[at])
        if (kinds[at] == "word") say("text", read[at])
      }
      say("after", rest)
    }'
}
