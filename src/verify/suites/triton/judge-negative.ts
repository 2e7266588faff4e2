/** What must not be there: an endpoint open to strangers, control of models, metrics; and how long the token lasts. Pure. */
import type { Endpoint, HttpAnswer } from '../../../http/index.ts'
import { isRestricted, readGpuMetrics, statusWords } from '../../../triton/index.ts'
import { type Answered, bad, pass, skip } from './answered.ts'

/** @param strangers answers to questions without a service token; not empty */
export function judgeGuarded(strangers: readonly HttpAnswer[], endpoint: Endpoint): Answered {
  const { host } = new URL(endpoint.url)
  const open = strangers.find((answer) => !isClosed(answer))
  // A limit of requests is met before Access: nobody knows what is behind it.
  if (open?.status === 429) return skip('could not be asked: too many requests (429)')
  if (open)
    return bad('fail', {
      found: `${host} answers without a service token (${open.status})`,
      cause: 'a policy with the action Bypass lets everybody in, or no Access application covers this name and path',
      remedy: `Zero Trust → Access → the application for ${host}: one policy, action Service Auth, that names the service token`,
    })
  return strangers.every(({ kind }) => kind.startsWith('access-'))
    ? pass('a stranger meets Cloudflare Access')
    : pass('a stranger does not reach Triton')
}

/** Who is sent away by something else than Access does not reach Triton either. */
function isClosed({ kind, status }: HttpAnswer): boolean {
  if (/^(access-login|access-refused|redirect|page)$/.test(kind)) return true
  return kind === 'endpoint' && (status === 401 || status === 403)
}

/**
 * @param ours the answer to loading a model that cannot exist, with our credentials
 * @param stranger the same without; undefined: not asked, because it is closed to us already
 */
export function judgeControl(ours: HttpAnswer, stranger: HttpAnswer | undefined, endpoint: Endpoint): Answered {
  if (!isControl(ours))
    return pass('models cannot be loaded or unloaded from here', [`load answers ${statusWords(ours)}`])
  if (stranger !== undefined && isRestricted(stranger))
    return pass('models are loaded and unloaded only with the header of the restricted API', [
      `without it, load answers ${statusWords(stranger)}`,
    ])
  const isPublic = stranger !== undefined && isControl(stranger)
  const found = {
    found:
      isPublic || endpoint.guard === 'direct'
        ? 'whoever reaches this address may load and unload models'
        : 'whoever holds the service token may load and unload models',
    cause: 'Triton runs with --model-control-mode=explicit, and its repository API is not restricted',
    remedy: '--http-restricted-api=model-repository:admin-key=<secret>, or --model-control-mode=none',
  }
  return bad(isPublic && endpoint.guard === 'cloudflare' ? 'fail' : 'warn', found, [
    `load answers ${statusWords(ours)}`,
  ])
}

/** With control, Triton looks for the model and says that there is none (recorded: explicit-load-unknown); without, 503. */
function isControl(answer: HttpAnswer): boolean {
  if (answer.kind !== 'endpoint' || isRestricted(answer)) return false
  return (
    answer.status === 200 || ((answer.status === 400 || answer.status === 500) && /load/i.test(statusWords(answer)))
  )
}

/**
 * @param answers of strangers' questions for metrics; where no connection came about there is none
 * @param isReached whether the name itself answered: a runner without a network sees everything closed
 */
export function judgeMetrics(
  answers: readonly { readonly at: string; readonly answer: HttpAnswer }[],
  isReached: boolean,
): Answered {
  const open = answers.find(
    ({ answer }) => answer.kind === 'endpoint' && answer.status === 200 && readGpuMetrics(answer.body).isTriton,
  )
  if (!open) return isReached ? pass('a stranger does not see metrics') : skip('could not be asked: nothing answers')
  return bad('fail', {
    found: `everybody can read the metrics of Triton at ${open.at}`,
    cause: 'the tunnel or a firewall lets port 8002 out: names of models, load and cards are public',
    remedy: '--metrics-address=127.0.0.1 for Triton, and no rule of the tunnel that leads to 8002',
  })
}

/**
 * @param expires RFC 3339 date; empty: nobody said
 */
export function judgeToken(expires: string, nowMs: number, warnMs: number, failMs: number): Answered {
  const endMs = Date.parse(expires)
  if (expires === '') return skip('nobody said when the service token ends', 'token-expires in the cluster file')
  const remedy =
    'Zero Trust → Access → Service credentials: refresh the token (its id and secret stay) and write its new end as token-expires into the cluster file'
  if (Number.isNaN(endMs)) {
    return bad('warn', { found: 'token-expires is no date', cause: 'the cluster file', remedy: 'e.g. 2027-03-01' })
  }
  const leftMs = endMs - nowMs
  const days = Math.floor(Math.abs(leftMs) / 86_400_000)
  const date = new Date(endMs).toISOString().slice(0, 10)
  if (leftMs <= 0)
    return bad('fail', {
      found: `the service token ended on ${date}`,
      cause: 'a service token lasts a year at first',
      remedy,
    })
  const verdict = leftMs < failMs ? 'fail' : leftMs < warnMs ? 'warn' : undefined
  if (!verdict) return pass(`the service token lasts until ${date}`)
  return bad(verdict, {
    found: `the service token ends on ${date}, in ${days} days`,
    cause: 'it is not renewed by itself',
    remedy,
  })
}
