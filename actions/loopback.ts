/** Whether an address leads to the machine itself, by its host name as a URL has it: only this runner can reach such a server. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
}
