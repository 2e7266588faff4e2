/** The agent's one word to systemd. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * READY=1 for a unit of Type=notify; resolves once systemd has read it. Does nothing outside of such a unit. systemd-notify
 * sends in the name of its parent, so that NotifyAccess=main is content.
 */
export async function notifyReady(socket: string | undefined): Promise<void> {
  if (socket === undefined || socket === '') return
  await promisify(execFile)('systemd-notify', ['--ready'], { env: { NOTIFY_SOCKET: socket, PATH: '/usr/bin:/bin' } })
}
