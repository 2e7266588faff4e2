/** What programs in containers do, as far as anybody looks: they end, and leave a log. Pure. */
import { proofLog } from './gpu-proof.ts'
import type { ContainerGround, Json, ProgramEnd } from './model.ts'

export interface ProgramGround {
  readonly ground: ContainerGround
  /** UUIDs of the GPUs that the container was given. */
  readonly gpus: readonly string[]
}

const environmentOf = (container: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(((container.env ?? []) as Json[]).map((one) => [String(one.name), String(one.value ?? '')]))

/** Undefined: it runs until somebody ends it. */
export function programEnd(container: Json, spec: Json, { ground, gpus }: ProgramGround): ProgramEnd | undefined {
  const environment = environmentOf(container)
  const words = [...((container.command ?? []) as string[]), ...((container.args ?? []) as string[])]
  if (environment.PROOF_MARK !== undefined) {
    const { card } = ground.gpu
    const seen = card === undefined ? [] : gpus.map((uuid) => ({ uuid, card }))
    const image = String(container.image ?? '')
    const isWrong = ground.computesWrong === true
    return { afterMs: 900, code: 0, log: proofLog(environment, { gpus: seen, image, computesWrong: isWrong }) }
  }
  const scripted = ground.programs?.({ words, environment, image: String(container.image ?? '') })
  if (scripted !== undefined) return scripted
  // Whoever is not restarted was made for one thing, and has done it.
  return spec.restartPolicy === 'Never' ? { afterMs: 500, code: 0, log: [] } : undefined
}
