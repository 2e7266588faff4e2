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
socket.on('data', (chunk) => {
  text += chunk
})
socket.on('end', () => {
  socket.end()
  if (text === '') {
    process.exitCode = 1
    return
  }
  const answer = JSON.parse(text)
  process.stdout.write(answer.stdout)
  process.stderr.write(answer.stderr)
  process.exitCode = answer.code
})
// `@file` and `-` arguments name things of this process, so that they are read here and not by the host.
const input = words.includes('@-') || words.includes('-') ? await readInput() : ''
socket.write(`${JSON.stringify({ program, words, input, directory: process.cwd() })}\n`)

async function readInput() {
  let read = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) read += chunk
  return read
}
