# shellcheck shell=sh
# For the surveys of rooms that install packages.

# package_manager: prints apt, dnf or zypper; nothing where there is none of them. Fedora has a package of apt, and Debian one of dnf: where both are, whose list of packages is there decides.
package_manager() {
  if has apt-get && has dpkg-query && { [ -s "$ROOT/var/lib/dpkg/status" ] || ! has rpm; }; then
    printf apt
  elif has dnf && has rpm; then
    printf dnf
  elif has zypper && has rpm; then
    printf zypper
  fi
}
