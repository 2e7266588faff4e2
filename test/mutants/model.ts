/** A test of the tests: one small change that breaks a promise, and the test that has to notice. `npm run prove` tries them all. */
export interface Mutant {
  /** Number of the promise in ARCHITECTURE.md. */
  readonly promise: number
  /** What is broken by it, in one sentence. */
  readonly breaks: string
  /** Path of the changed file, from the root of the repository. */
  readonly file: string
  /** Exact text, found once in that file. Where it is not, the mutant is stale, and that is an error. */
  readonly find: string
  readonly replace: string
  readonly killedBy: Killer
  /** What the machine must have for that test to run at all; where it lacks, the mutant is skipped, and said to be. */
  readonly needs?: 'sshd'
}

/** What must fail because of a mutant, and must pass without it. */
export type Killer =
  | {
      /** Path of the source of a test file. Below test/bundle/ and test/workflow/ the bundle is built before. */
      readonly file: string
      /** The test's full name: every `describe` around it, then its own, one blank between. */
      readonly name: string
    }
  /** One of `npm run check`. */
  | { readonly check: 'dist' }
