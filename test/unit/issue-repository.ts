import type { IssueComment, IssueSeen, IssueTracker } from '../../src/runner/index.ts'

export const nowMs = Date.parse('2026-11-20T04:00:00Z')

interface Kept extends IssueSeen {
  readonly labels: readonly string[]
  readonly comments: readonly IssueComment[]
}

/** A repository's issues. `before` is called before each write: the moment in which somebody else may write. */
export class IssueRepository implements IssueTracker {
  readonly issues: Kept[] = []
  readonly log: string[] = []
  isLocked = false
  lag = 0
  /** Another run writes the same comment a moment before. */
  hasTwin = false
  before: (what: string) => Promise<void> = async () => {}
  #id = 0

  async list(label: string, closedSinceMs: number): Promise<readonly IssueSeen[]> {
    return this.issues
      .slice(0, this.issues.length - this.lag)
      .filter((one) => one.labels.includes(label) && (one.isOpen || (one.closedAtMs ?? 0) >= closedSinceMs))
      .toReversed()
  }
  async create(issue: { title: string; body: string; labels: readonly string[] }): Promise<IssueSeen> {
    await this.before('create')
    const number = this.issues.length + 1
    const made = { ...issue, number, url: `https://github.com/o/r/issues/${number}`, isOpen: true, comments: [] }
    this.issues.push(made)
    this.log.push(`create #${number}`)
    return made
  }
  async edit(
    number: number,
    edit: { title?: string; body?: string; state?: 'open' | 'closed'; reason?: string },
  ): Promise<void> {
    await this.before('edit')
    const { state, reason, ...text } = edit
    this.log.push(`edit #${number}${state ? ` ${state}` : ''}${reason ? ` ${reason}` : ''}`)
    this.change(number, {
      ...text,
      ...(state ? { isOpen: state === 'open', ...(state === 'closed' ? { closedAtMs: nowMs } : {}) } : {}),
    })
  }
  async comment(number: number, body: string): Promise<IssueComment | undefined> {
    await this.before('comment')
    if (this.isLocked) return undefined
    if (this.hasTwin) {
      this.#id += 1
      this.change(number, { comments: [...this.of(number).comments, { id: this.#id, body }] })
    }
    this.#id += 1
    const made = { id: this.#id, body }
    this.change(number, { comments: [...this.of(number).comments, made] })
    this.log.push(`comment #${number}`)
    return made
  }
  async comments(number: number): Promise<readonly IssueComment[]> {
    return this.of(number).comments
  }
  async deleteComment(id: number): Promise<void> {
    this.log.push('delete comment')
    for (const issue of this.issues)
      this.change(issue.number, { comments: issue.comments.filter((one) => one.id !== id) })
  }
  of(number: number): Kept {
    return this.issues[number - 1] as Kept
  }
  change(number: number, change: Partial<Kept>): void {
    this.issues[number - 1] = { ...this.of(number), ...change }
  }
  said(): string[] {
    return this.log.splice(0)
  }
}
