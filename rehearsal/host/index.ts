/** The embedded host: an SSH server, a tree that plays `/`, a simulated systemd and a k3s agent that really joins. */
export { type HostOptions, type StartedHost, startHost } from './host.ts'
export type { SudoSetup } from './machine-state.ts'
export { installerText, k3sProgram } from './released.ts'
