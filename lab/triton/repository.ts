/** Models of the lab's Triton, as a repository on disk. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One model; every one answers `logits` to `input_ids` and `attention_mask`, as DistilBERT does. */
export interface LabModel {
  readonly name: string
  /** Default: KIND_CPU. A server without a GPU never loads one that wants KIND_GPU. */
  readonly kind?: 'KIND_CPU' | 'KIND_GPU'
  /** Seconds that it takes to load; default: none. */
  readonly loadSeconds?: number
}

/** Text of its config.pbtxt. */
export function configText({ name, kind = 'KIND_CPU', loadSeconds = 0 }: LabModel): string {
  const input = (of: string): string => `{ name: "${of}" data_type: TYPE_INT64 dims: [ -1 ] }`
  return [
    `name: "${name}"`,
    'backend: "python"',
    'max_batch_size: 8',
    `input [ ${input('input_ids')}, ${input('attention_mask')} ]`,
    'output [ { name: "logits" data_type: TYPE_FP32 dims: [ 2 ] } ]',
    `instance_group [ { kind: ${kind} count: 1 } ]`,
    `parameters { key: "initialize_seconds" value { string_value: "${loadSeconds}" } }`,
    '',
  ].join('\n')
}

/** Writes the models below `folder`, each as its version 1. */
export function layModels(folder: string, models: readonly LabModel[]): void {
  for (const model of models) {
    const version = join(folder, model.name, '1')
    mkdirSync(version, { recursive: true })
    // A version without its file would let the server wait for ever.
    cpSync(join(import.meta.dirname, 'tokens', 'model.py'), join(version, 'model.py'))
    writeFileSync(join(folder, model.name, 'config.pbtxt'), configText(model))
  }
}
