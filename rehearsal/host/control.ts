import { createServer, type Server, type Socket } from 'node:net'

/** What a stand-in program prints and ends with. */
export interface ProgramAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
export interface ProgramCall {
  readonly program: string
  readonly words: readonly string[]
  readonly input: string
  readonly directory: string
  /** Aborted when the program that asked is gone. */
  readonly signal: AbortSignal
  /** Prints something before the end. */
  readonly print: (stream: 'stdout' | 'stderr', text: string) => void
}

/** The socket that stand-ins ask for actions: one JSON line in; out what is printed before the end, a JSON line each, and the answer as the last one. */
export class ControlSocket {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async listen(path: string, answer: (call: ProgramCall) => Promise<ProgramAnswer>): Promise<ControlSocket> {
    const server = createServer()
    const control = new ControlSocket(server)
    server.on('connection', (socket) => control.#serve(socket, answer))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    return control
  }

  #serve(socket: Socket, answer: (call: ProgramCall) => Promise<ProgramAnswer>): void {
    this.#sockets.add(socket)
    const gone = new AbortController()
    let text = ''
    let isAsked = false
    socket.setEncoding('utf8')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      gone.abort()
    })
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0 || isAsked) return
      isAsked = true
      const call = JSON.parse(text.slice(0, end)) as Omit<ProgramCall, 'signal' | 'print'>
      const print: ProgramCall['print'] = (stream, text) => {
        if (!gone.signal.aborted) socket.write(`${JSON.stringify({ [stream]: text })}\n`)
      }
      answer({ ...call, signal: gone.signal, print })
        .catch((error: unknown) => ({ code: 1, stdout: '', stderr: `${call.program}: ${(error as Error).message}\n` }))
        .then(
          (result) => socket.end(JSON.stringify(result)),
          () => socket.destroy(),
        )
    })
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
