/** An error that says everything itself (sdk/nodejs/errors.ts). Known by its name: the program may load another copy of this module. */
export class RunError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as { name?: unknown }).name === 'RunError'
  }

  constructor(message: string) {
    super(message)
    this.name = 'RunError'
  }
}
