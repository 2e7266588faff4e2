/** Layer 8: lives, is ready, is Triton. Pure. */
import type { Endpoint, HttpAnswer } from '../../../http/index.ts'
import {
  type IndexEntry,
  isRestricted,
  oneLine,
  readIndex,
  readServer,
  reasonWords,
  statusWords,
  strangerOf,
} from '../../../triton/index.ts'
import { type Answered, bad, pass, skip } from './answered.ts'

export function judgeLive(answer: HttpAnswer, endpoint: Endpoint): Answered {
  const stranger = strangerOf(answer, endpoint)
  if (stranger) return bad('fail', stranger)
  if (answer.status === 200) return pass('it lives')
  if (isRestricted(answer)) return restricted
  return bad('fail', {
    found: `it answers ${statusWords(answer)}`,
    cause: 'Triton says so with 400 while it starts or ends; another status is somebody else',
    remedy: 'the log of Triton on its node; docker logs or journalctl of its unit',
  })
}

/** Nobody knows whether it lives; that somebody forgot a secret is said every night, and is no outage. */
export const noToken: Answered = bad('warn', {
  found: 'not asked: no service token was given',
  cause: 'Cloudflare Access guards it, and lets nobody through without one',
  remedy: 'set access-client-id and access-client-secret from secrets, or leave triton out of verify.suites',
})

/**
 * `/v2/health/ready` speaks for all models of the server (--strict-readiness): one that is broken makes it 400 though the wanted one
 * answers. The index tells which.
 * @param index its answer, asked when ready is not 200; undefined: it was not or could not be asked
 * @param own what the wanted model says of itself, asked when the index does not tell: its readiness is never restricted
 */
export function judgeReady(
  answer: HttpAnswer,
  index: HttpAnswer | undefined,
  endpoint: Endpoint,
  model: string,
  version: string,
  own?: HttpAnswer,
): Answered {
  const stranger = strangerOf(answer, endpoint)
  if (stranger) return bad('fail', stranger)
  if (answer.status === 200) return pass('it is ready')
  if (isRestricted(answer)) return restricted
  const entries = index?.kind === 'endpoint' && index.status === 200 ? readIndex(index.body) : undefined
  if (!entries && own?.kind === 'endpoint' && own.status === 200)
    return bad('warn', {
      found: `not ready, though ${oneLine(model, 80)} is`,
      cause: 'another model could not be loaded or still loads; the repository index is not shown to this client',
      remedy: 'POST /v2/repository/index on its node names it; triton-headers when the API is restricted',
    })
  if (!entries) {
    return bad('fail', {
      found: `not ready (${statusWords(answer)})`,
      cause: 'a model could not be loaded or still loads; which one, the repository index does not show to this client',
      remedy: 'the log of Triton, or POST /v2/repository/index on its node; triton-headers when the API is restricted',
    })
  }
  const entry = stateOf(entries, model, version)
  const others = entries.filter((one) => one !== entry && one.state !== '' && one.state !== 'READY')
  const evidence = others.slice(0, 10).map(entryWords)
  if (entry?.state === 'READY' && others.length > 0 && others.every(({ reason }) => reason === 'unloaded'))
    return pass('it is ready, but for models that somebody unloaded', evidence)
  if (entry?.state === 'READY') {
    return bad(
      'warn',
      {
        found: `not ready, because of other models: ${
          others
            .slice(0, 5)
            .map(({ name, version: own }) => oneLine(name === model ? `${name} version ${own}` : name, 60))
            .join(', ') || 'none that it names'
        }`,
        cause: 'strict readiness: one model or version that is not loaded speaks for the whole server',
        remedy: 'repair or remove those models, or start Triton with --strict-readiness=false',
      },
      evidence,
    )
  }
  return bad('fail', unavailable(entry, model), evidence)
}

export function judgeServer(answer: HttpAnswer, endpoint: Endpoint): Answered {
  const stranger = strangerOf(answer, endpoint)
  if (stranger) return bad('fail', stranger)
  const server = answer.status === 200 ? readServer(answer.body) : undefined
  if (isRestricted(answer)) return restricted
  if (server)
    return pass(`${server.name} ${server.version}`, [oneLine(`extensions: ${server.extensions.join(', ')}`, 400)])
  return bad('fail', {
    found: answer.status === 200 ? 'its answer to /v2 is not that of Triton' : `/v2 answers ${statusWords(answer)}`,
    cause: 'something else answers at this address, which says 200 to /v2/health/live',
    remedy: 'correct the url: Triton serves HTTP at 8000',
  })
}

export function judgeIndex(answer: HttpAnswer, endpoint: Endpoint, model: string, version: string): Answered {
  const stranger = strangerOf(answer, endpoint)
  if (stranger) return bad('fail', stranger)
  if (isRestricted(answer)) return restricted
  const entries = answer.status === 200 ? readIndex(answer.body) : undefined
  if (!entries) {
    return bad('fail', {
      found:
        answer.status === 200 ? 'the repository index is none' : `the repository index answers ${statusWords(answer)}`,
      cause: 'this server does not show its models',
      remedy: 'the log of Triton on its node',
    })
  }
  // Legal: a server whose models are not in a repository lists none (recorded: pytriton-open-index).
  if (entries.length === 0) return skip('the repository index is empty')
  const own = stateOf(entries, model, version)
  if (own?.state === 'READY') return pass(`${oneLine(model, 80)} version ${own.version} is READY`)
  if (own) return bad('fail', unavailable(own, model))
  const names = [...new Set(entries.map(({ name }) => oneLine(name, 60)))]
  return bad('fail', {
    found: `${oneLine(model, 80)}${version === '' ? '' : ` version ${version}`} is not in the repository`,
    cause: `it has ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`,
    remedy: 'correct the model of the target, or put the model into the repository of Triton',
  })
}

export const restricted = skip(
  'may not be asked: this API of Triton is restricted',
  'give its header as triton-headers (--http-restricted-api), or leave it closed: then less is known',
)

/** The version that is wanted, or the best of all. */
function stateOf(entries: readonly IndexEntry[], model: string, version: string): IndexEntry | undefined {
  // What was never loaded has no version in the index.
  const isWanted = (entry: IndexEntry): boolean => version === '' || entry.version === version || entry.version === ''
  const own = entries.filter((entry) => entry.name === model && isWanted(entry))
  return own.find(({ state }) => state === 'READY') ?? own.find(({ state }) => state === 'LOADING') ?? own.at(-1)
}

function unavailable(entry: IndexEntry | undefined, model: string): { found: string; cause: string; remedy: string } {
  const name = oneLine(model, 80)
  if (entry?.state === 'LOADING') {
    return {
      found: `${name} still loads`,
      cause: 'Triton has just been started, or the model was loaded anew',
      remedy: 'wait until it is loaded; when it stays so, the log of Triton',
    }
  }
  const { cause, remedy } = reasonWords(entry?.reason ?? '', entry?.state ?? '')
  return {
    found: `${name} is ${entry ? entry.state || 'not loaded' : 'not in the repository'}${entry?.reason ? `: ${entry.reason}` : ''}`,
    cause,
    remedy,
  }
}

function entryWords({ name, version, state, reason }: IndexEntry): string {
  return `${oneLine(name, 80)} ${version}: ${state}${reason === '' ? '' : `: ${oneLine(reason)}`}`
}
