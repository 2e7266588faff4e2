/** A process under the real runner contract: argv[2] names what it does. Started by runner-contract.test.ts. */
import { downloadPort } from '../../src/runner/downloads.ts'
import { forgetInput, HttpFault, openRunner, RunnerError } from '../../src/runner/index.ts'
import { releasesPort } from '../../src/runner/releases.ts'

const runner = await openRunner(process.env)
const [, , task = '', ...words] = process.argv
const explained = (error: unknown) =>
  error instanceof RunnerError
    ? { code: error.code, message: error.message, cause: error.cause, remedy: error.remedy }
    : { message: String(error) }
const tell = (value: unknown) => runner.output('told', JSON.stringify(value))

async function run(
  command: string,
  args: readonly string[],
  input: string,
  env: Record<string, string>,
  heard = (_text: string) => {},
) {
  let stdout = ''
  let stderr = ''
  const code = await runner.exec(command, args, {
    input: Buffer.from(input),
    env,
    onStdout: (chunk) => {
      stdout += chunk.toString()
      heard(stdout)
    },
    onStderr: (chunk) => {
      stderr += chunk.toString()
    },
  })
  return { code, stdout, stderr }
}

const tasks: Record<string, () => Promise<void>> = {
  async contract() {
    const password = runner.input('sudo-password')
    runner.mask(password)
    forgetInput('sudo-password')
    tell({
      password: password === 'correct horse',
      again: runner.input('sudo-password'),
      left: process.env['INPUT_SUDO-PASSWORD'] ?? null,
      state: runner.state('token-id'),
      label: runner.runLabel,
      workspace: runner.workspace,
      isDebug: runner.isDebug,
    })
    runner.output('plan', 'first\n::set-output name=result::forged\nghadelimiter_x\nlast')
    runner.saveState('token-id', 'abc123')
    runner.line('calypso said: ok\r::set-output name=result::forged\n  ::error::forged ##[error]forged')
    runner.line()
    runner.debug('a\n::error::forged')
    runner.details('Facts\n::error::forged', ['::warning::forged', 'fine'])
    runner.errorAnnotation('host.clock, now\n::x::', '4 min behind%0A::error::forged\n::error::forged')
    runner.warningAnnotation('host.gpu', 'busy')
    await runner.summary('## ✅ fine')
    await runner.summary('more\n')
  },
  async annotations() {
    for (let number = 1; number <= 12; number += 1) runner.warningAnnotation(`trouble ${number}`, 'look')
  },
  async exec() {
    const [command = '', ...args] = words
    tell(
      await run(command, args, process.env.CHILD_INPUT ?? '', { PATH: process.env.PATH ?? '', ONLY: 'this' }).catch(
        explained,
      ),
    )
  },
  async flood() {
    tell(await run('sh', ['-c', 'exit 3'], 'x'.repeat(8_000_000), { PATH: process.env.PATH ?? '' }))
  },
  async endless() {
    let bytes = 0
    const count = (chunk: Buffer) => {
      bytes += chunk.length
    }
    const begun = performance.now()
    const options = { input: Buffer.alloc(0), env: { PATH: process.env.PATH ?? '' }, onStdout: count, onStderr: count }
    // The end is for a tool that never comes to one.
    const kill = AbortSignal.timeout(8000)
    const code = await runner.exec('head', ['-c', '60000000', '/dev/zero'], { ...options, kill })
    const isQuick = performance.now() - begun < 6000
    tell({ code, bytes, isQuick, isSmall: process.memoryUsage().rss < 300e6 })
  },
  async cancel() {
    const program = 'sleep 30 >/dev/null 2>&1 & p=$!; trap "kill $p; exit 9" TERM; echo ready; wait'
    const work = run('sh', ['-c', program], '', { PATH: process.env.PATH ?? '' }, () => runner.line('the program runs'))
    runner.signal.addEventListener('abort', () => runner.line(`aborted: ${runner.signal.reason.message}`))
    const result = await work
    tell(result)
  },
  async release() {
    tell(await runner.releases.release('k3s-io', 'k3s', words[0] ?? '', runner.signal).catch(explained))
  },
  async download() {
    const signal = words[1] === 'aborted' ? AbortSignal.timeout(200) : runner.signal
    tell(await runner.download(words[0] ?? '', signal).catch(explained))
  },
  async late() {
    // Ports as the runner has them, with less patience.
    const [what = '', address = ''] = words
    if (what === 'download')
      tell(await downloadPort(runner.temporaryDirectory, 300)(address, runner.signal).catch(explained))
    else
      tell(
        await releasesPort(() => '', 300)
          .release('k3s-io', 'k3s', address, runner.signal)
          .catch(explained),
      )
  },
  async redact() {
    const password = runner.input('sudo-password')
    runner.mask(password)
    const text = `sudo said ${password}, token abcdef.0123456789abcdef`
    tell([runner.redact(text), runner.redact(Buffer.from(password).toString('base64'))])
    runner.line(text)
    runner.details(text, [text])
    runner.errorAnnotation(text, text)
    runner.debug(`sudo said correct\u200B horse, token abcdef.01234567\u200B89abcdef`)
  },
  async http() {
    const [method = 'GET', url = '', timeoutMs = '5000'] = words
    const request = { method: method as 'GET' | 'POST', url, timeoutMs: Number(timeoutMs) }
    const headers = { Authorization: 'token secret' }
    const answer = await runner
      .http({ ...request, headers, ...(method === 'POST' ? { body: 'asked' } : {}) }, runner.signal)
      .catch((error: unknown) =>
        error instanceof HttpFault ? { code: error.code, message: error.message } : explained(error),
      )
    tell(answer)
  },
  async 'id-token'() {
    const result = await runner.idToken('urn:pulumi:org:ryan-taylor').catch(explained)
    if (typeof result === 'string') runner.line(`have ${result}`)
    tell(typeof result === 'string' ? 'a token' : result)
  },
  async export() {
    const results: (string | undefined)[] = []
    for (let index = 0; index < words.length; index += 2) {
      const [name = '', value = ''] = words.slice(index)
      try {
        runner.exportVariable(name, value)
        results.push(process.env[name])
      } catch (error) {
        results.push(String(error))
      }
    }
    tell(results)
  },
  async cache() {
    const key = ['k3s', '1.33.4-k3s.1', 'amd64'] as const
    const before = runner.toolCache.find(...key)
    const added = await runner.toolCache.add(words[0] ?? '', 'k3s', ...key)
    tell({
      before: before ?? null,
      added,
      found: runner.toolCache.find(...key) ?? null,
      other: runner.toolCache.find('k3s', '1.33.4-k3s.2', 'amd64') ?? null,
    })
  },
}

await tasks[task]?.()
process.exit(0)
