import { distance } from 'fastest-levenshtein'

/** One thing that somebody has to change in the workflow or the cluster file. Never holds a secret. */
export interface Problem {
  /** Name of the input, or the place in a file: `clusters/oceanid.yaml:12:5 (nodes.calypso.version)`. */
  readonly input: string
  /** The offending value, quoted and cut; absent when it is a secret or there is none. */
  readonly value?: string
  readonly problem: string
  /** What may stand there instead. */
  readonly allowed: string
  /** The valid choice that was probably meant. */
  readonly nearest?: string
}

/** What is wrong with one value, before it is known where the value stands. */
export type Complaint = Pick<Problem, 'problem' | 'allowed' | 'nearest'>

/** Judges one value; undefined: nothing is wrong with it. */
export type Grammar = (text: string) => Complaint | undefined

const longestQuote = 80

/** A value for people: JSON-quoted, cut, and with everything invisible (control, bidi, line separators) escaped. */
export function quote(value: unknown): string {
  const raw = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  // Credentials inside an address are the one secret that a value of any kind may hold.
  const text = raw.replace(/\/\/[^/@\s]*@/g, '//***@')
  const cut = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
  const visible = (typeof value === 'string' ? JSON.stringify(cut) : cut).toWellFormed()
  return visible.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** The choice that was probably meant; undefined when none is close. Upper and lower case count as the same. */
export function nearest(text: string, choices: readonly string[]): string | undefined {
  // Typing errors are short; comparing a novel with every choice helps nobody.
  if (text.length > 200) return undefined
  const wanted = text.toLowerCase()
  const ranked = choices
    .map((choice) => ({ choice, steps: distance(wanted, choice.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps)
  const [best] = ranked
  return best && best.steps <= Math.max(2, Math.floor(best.choice.length / 3)) ? best.choice : undefined
}

/** The key `nearest` with its value, or nothing: for spreading into a Complaint. */
export function withNearest(choice: string | undefined): { nearest?: string } {
  return choice === undefined ? {} : { nearest: choice }
}

/** One line for people: `port: "https": must be a number; allowed: 1 to 65535; nearest: 22`. */
export function formatProblem(problem: Problem): string {
  const value = problem.value === undefined ? '' : `${problem.value} `
  const suggestion = problem.nearest === undefined ? '' : `; did you mean ${quote(problem.nearest)}?`
  return `${problem.input}: ${value}${problem.problem}; ${problem.allowed}${suggestion}`
}
