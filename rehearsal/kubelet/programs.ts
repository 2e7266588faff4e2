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

/** What src/verify/scripts/volume.sh says where a volume is as it should be: what was written is what is read. */
function volumeLog({ STEP, TEXT }: Readonly<Record<string, string>>): readonly string[] {
  const mark = 'k3s-gpu-actions/volume'
  return [`${mark} mount ok ext4 /dev/longhorn/volume`, `${mark} ${STEP} ok${STEP === 'read' ? ` ${TEXT}` : ''}`]
}

/** Mark of the script that asks whether the network of the cluster reaches a pod; where nobody says otherwise, it does. */
const network = 'k3s-gpu-actions/pod-network'

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
  const isVolume = environment.VOLUME !== undefined && environment.STEP !== undefined
  if (isVolume) return { afterMs: 300, code: 0, log: volumeLog(environment) }
  // Whoever sleeps for minutes waits to be taken away.
  if (words.some((word) => /^sleep \d{2,}$/.test(word))) return undefined
  const scripted = ground.programs?.({ words, environment, image: String(container.image ?? '') })
  if (scripted !== undefined) return scripted
  if (words.some((word) => word.includes(network)))
    return {
      afterMs: 600,
      code: 0,
      log: ['asks 10.43.0.10', 'dns ok', 'service ok'].map((said) => `${network} ${said}`),
    }
  // Whoever is not restarted was made for one thing, and has done it.
  return spec.restartPolicy === 'Never' ? { afterMs: 500, code: 0, log: [] } : undefined
}
