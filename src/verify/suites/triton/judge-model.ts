/** Layer 9: the model says it is ready, what it takes and gives, and where it runs. Pure. */
import type { Endpoint, HttpAnswer } from '../../../http/index.ts'
import {
  isRestricted,
  type ModelConfig,
  type ModelMetadata,
  oneLine,
  readConfig,
  readModel,
  statusWords,
  strangerOf,
} from '../../../triton/index.ts'
import { type Answered, bad, pass } from './answered.ts'
import { restricted } from './judge-server.ts'

const shapeWords = ({ name, datatype, shape }: ModelMetadata['inputs'][number]): string =>
  `${oneLine(name, 60)} ${datatype} [${shape}]`

/** @param metadata undefined: not asked, because the model is not ready */
export function judgeModel(
  ready: HttpAnswer,
  metadata: HttpAnswer | undefined,
  endpoint: Endpoint,
  wanted: string,
): { readonly answered: Answered; readonly model?: ModelMetadata } {
  const stranger = strangerOf(ready, endpoint) ?? (metadata && strangerOf(metadata, endpoint))
  if (stranger) return { answered: bad('fail', stranger) }
  if (isRestricted(ready) || (metadata && isRestricted(metadata))) return { answered: restricted }
  const name = oneLine(wanted, 80)
  if (ready.status !== 200 || !metadata) {
    return {
      answered: bad('fail', {
        found: `${name} is not ready (${statusWords(ready)})`,
        cause: 'the server runs, this model or this version of it is not loaded',
        remedy:
          'the reason is in the repository index and the log of Triton; load the model, or correct its name and version',
      }),
    }
  }
  const model = metadata.status === 200 ? readModel(metadata.body) : undefined
  if (!model || model.name !== wanted) {
    return {
      answered: bad('fail', {
        found: `${name} says that it is ready; its metadata ${metadata.status === 200 ? 'is none' : `answers ${statusWords(metadata)}`}`,
        cause: 'ready and metadata disagree: the model is going or coming, or something else answers',
        remedy: 'the log of Triton; restart it when that stays',
      }),
    }
  }
  const inputs = model.inputs.map(shapeWords)
  const outputs = model.outputs.map(shapeWords)
  return {
    answered: pass(`${name} is ready`, [
      oneLine(`takes ${inputs.join('; ')}`, 400),
      oneLine(`gives ${outputs.join('; ')}`, 400),
    ]),
    model,
  }
}

/** Where the instances run is said here and judged by `triton.gpu`, with everything else that speaks for or against a GPU. */
export function judgeConfig(
  answer: HttpAnswer,
  endpoint: Endpoint,
): { readonly answered: Answered; readonly config?: ModelConfig } {
  const stranger = strangerOf(answer, endpoint)
  if (stranger) return { answered: bad('fail', stranger) }
  if (isRestricted(answer)) return { answered: restricted }
  const config = answer.status === 200 ? readConfig(answer.body) : undefined
  if (!config) {
    return {
      answered: bad('fail', {
        found: answer.status === 200 ? 'its configuration is none' : `its configuration answers ${statusWords(answer)}`,
        cause: 'the model is ready and cannot say how it was configured',
        remedy: 'the log of Triton; load the model again',
      }),
    }
  }
  const instances = config.instances.map(
    ({ kind, count, gpus }) => `${count} × ${kind}${gpus.length ? ` on GPU ${gpus}` : ''}`,
  )
  const kind = [
    config.isEnsemble ? 'an ensemble of other models' : oneLine(instances.join(', ')) || 'no instance',
    config.maxBatchSize === 0 ? 'no batches' : `batches up to ${config.maxBatchSize}`,
    ...(config.isSequence ? ['sequences'] : []),
    ...(config.isDecoupled ? ['answers in streams'] : []),
  ]
  return {
    answered: pass(`${config.backend || config.platform || 'no backend'}: ${kind.join('; ')}`),
    config,
  }
}
