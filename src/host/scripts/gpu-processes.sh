# shellcheck shell=sh
# The GPU's part of survey.sh alone, for a second look at who uses the card. survey.sh comes before it; this main is the
# one that runs.

main() {
  (survey_gpu) || :
}
