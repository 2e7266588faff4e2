// Thin client of the embedded host: `node client.mjs SOCKET PROGRAM ARGUMENT…`. Prints what the host answers and ends with its code.
import { createConnection } from 'node:net'

const [socketPath, program, ...words] = process.argv.slice(2)
const socket = createConnection(socketPath)
let text = ''
socket.setEncoding('utf8')
socket.on('error', (error) => {
  process.stderr.write(`${program}: the embedded host is gone: ${error.message}\n`)
  process.exitCode = 1
})
// Until the host has said how it ends.
process.exitCode = 1
socket.on('data', (chunk) => {
  text += chunk
  const lines = text.split('\n')
  text = lines.pop()
  for (const line of lines) show(line)
})
socket.on('end', () => {
  socket.end()
  if (text !== '') show(text)
})

/** A piece of output, or the last one, with the exit code. */
function show(line) {
  const { stdout = '', stderr = '', code } = JSON.parse(line)
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  if (code !== undefined) process.exitCode = code
}

// `@file` and `-` arguments name things of this process, so that they are read here and not by the host.
const readsInput =
  words.includes('@-') || words.includes('-') || (program === 'kubeadm' && words.includes('/dev/stdin'))
const input = readsInput ? await readInput() : ''
socket.write(`${JSON.stringify({ program, words, input, directory: process.cwd() })}\n`)

async function readInput() {
  let read = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) read += chunk
  return read
}
