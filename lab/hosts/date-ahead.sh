#!/bin/sh
# The fault clock-skew on a lab host: date, ten minutes ahead. The kernel gives no container a wall clock of its own (its
# namespaces of time cover the others only), so this is simulated. What is asked about another time than now is answered as ever.
set -eu
case " $* " in *' -d '* | *' -r '*) exec /usr/bin/date "$@" ;; esac
exec /usr/bin/date -d '+10 minutes' "$@"
