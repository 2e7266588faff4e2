/** The log of a press as a person sees it: workflow commands are carried out as the runner does, secrets are masked. */
import { JobLog, RunLog } from '../../rehearsal/workflow/log.ts'
import { Masks } from '../../rehearsal/workflow/masks.ts'
import { type Annotation, StepOutput } from '../../rehearsal/workflow/step-output.ts'

export type { Annotation } from '../../rehearsal/workflow/step-output.ts'

export interface ReadLog {
  readonly lines: readonly string[]
  readonly annotations: readonly Annotation[]
  /** Standard error. */
  readonly complaints: readonly string[]
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** Pure. `secrets` are masked from the first line on, others from the line that asks for it. */
export function readLog(stdout: string, stderr: string, secrets: readonly string[]): ReadLog {
  const masks = new Masks(secrets)
  const log = new RunLog(undefined, () => {})
  const annotations: Annotation[] = []
  const output = new StepOutput(
    new JobLog(log, masks),
    masks,
    {
      annotate: (annotation) => annotations.push(annotation),
      setOutput: () => {},
      saveState: () => {},
      fail: () => {},
    },
    false,
  )
  for (const line of linesOf(stdout)) output.line(line)
  return { lines: linesOf(log.text), annotations, complaints: linesOf(stderr).map((line) => masks.hide(line)) }
}
