/** The lab's machines: a Debian each, booted with its own systemd, sshd, journald and sudo. */
export { startHost } from './host.ts'
