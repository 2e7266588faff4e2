import { describe, expect, it } from '@jest/globals'
import { keepComment } from '../../actions/deploy-stack/sticky.ts'
import type { CommentSeen, Conversation } from '../../src/runner/index.ts'

const marker = '<!-- k3s-gpu-actions/deploy-stack cluster=oceanid stack=a%2Fb%2Fc -->'
const at = (minute: number) => `<!-- at 2026-11-22T06:${String(minute).padStart(2, '0')}:00.000Z -->`
const body = (minute: number, text: string) => `${marker}\n${at(minute)}\n\n${text}\n`
const bot = 'github-actions[bot]'

/** A conversation in memory. `before` runs before a call that changes something: another job. */
class Memory implements Conversation {
  comments: CommentSeen[] = []
  calls: string[] = []
  me = bot
  before: (() => void) | undefined
  #next = 100

  add(author: string, text: string): CommentSeen {
    this.#next += 1
    const comment = { id: this.#next, url: `https://github.com/c/${this.#next}`, body: text, author }
    this.comments.push(comment)
    return comment
  }
  #disturb(call: string): void {
    this.calls.push(call)
    const { before } = this
    this.before = undefined
    before?.()
  }
  async list(beginning: string) {
    this.calls.push('list')
    return this.comments.filter((one) => one.body.startsWith(beginning))
  }
  async create(text: string) {
    this.#disturb('create')
    return this.add(this.me, text)
  }
  async edit(id: number, text: string) {
    this.#disturb(`edit ${id}`)
    const index = this.comments.findIndex((one) => one.id === id)
    const old = this.comments[index]
    if (!old) return undefined
    const edited = { ...old, body: text }
    this.comments[index] = edited
    return edited
  }
  async remove(id: number) {
    this.#disturb(`remove ${id}`)
    this.comments = this.comments.filter((one) => one.id !== id)
  }
}

describe('the one comment on a pull request', () => {
  it('is written once, edited by later runs, and left alone when it says it already', async () => {
    const github = new Memory()
    github.add('octocat', 'Looks good')
    expect((await keepComment(github, marker, body(1, 'first'))).did).toBe('written')
    expect((await keepComment(github, marker, body(2, 'second'))).did).toBe('edited')
    expect((await keepComment(github, marker, body(2, 'second'))).did).toBe('nothing')
    expect(github.comments.map((one) => one.body)).toEqual(['Looks good', body(2, 'second')])
  })

  it('believes no comment that is of the future: it could never be edited again', async () => {
    const github = new Memory()
    github.add(bot, `${marker}\n<!-- at 9999-01-01T00:00:00.000Z -->\n\nall is well\n`)
    expect((await keepComment(github, marker, body(1, 'it is not'))).did).toBe('edited')
    expect(github.comments.map((one) => one.body)).toEqual([body(1, 'it is not')])
  })

  it('never touches a comment of another author, whatever it begins with', async () => {
    const github = new Memory()
    for (const author of ['octocat', 'evil[bot]', '']) github.add(author, body(59, 'planted'))
    await keepComment(github, marker, body(1, 'ours'))
    await keepComment(github, marker, body(2, 'ours again'))
    expect(github.comments.map((one) => `${one.author} ${one.body.split('\n').at(-2)}`)).toEqual([
      'octocat planted',
      'evil[bot] planted',
      ' planted',
      `${bot} ours again`,
    ])
  })

  it('keeps the comments of two stacks apart', async () => {
    const github = new Memory()
    const other = marker.replace('b%2Fc', 'x%2Fy')
    await keepComment(github, marker, body(1, 'one'))
    await keepComment(github, other, body(1, 'two').replace(marker, other))
    expect(github.comments).toHaveLength(2)
  })

  it('comes to one comment when two jobs write at the same time', async () => {
    const github = new Memory()
    github.before = () => void github.add(bot, body(2, 'the other job'))
    const kept = await keepComment(github, marker, body(1, 'this job'))
    expect(github.comments).toHaveLength(1)
    // The older one stays, with what the later run says.
    expect(github.comments[0]?.body).toBe(body(2, 'the other job'))
    expect(kept.url).toBe(github.comments[0]?.url)
  })

  it('takes back what was written twice before', async () => {
    const github = new Memory()
    const first = github.add(bot, body(1, 'a'))
    github.add(bot, body(2, 'b'))
    const kept = await keepComment(github, marker, body(3, 'c'))
    expect(github.comments).toEqual([{ ...first, body: body(3, 'c') }])
    expect(kept.did).toBe('edited')
  })

  it('does not overwrite what a later run has said', async () => {
    const github = new Memory()
    github.add(bot, body(5, 'later'))
    const kept = await keepComment(github, marker, body(4, 'earlier'))
    expect(kept).toMatchObject({ did: 'nothing', said: 'a later run has written the comment' })
    expect(github.comments.map((one) => one.body)).toEqual([body(5, 'later')])
  })

  it('goes on with the next when somebody deletes the one that is edited', async () => {
    const github = new Memory()
    const first = github.add(bot, body(1, 'a'))
    github.add(bot, body(1, 'b'))
    github.before = () => {
      github.comments = github.comments.filter((one) => one.id !== first.id)
    }
    await keepComment(github, marker, body(2, 'c'))
    expect(github.comments.map((one) => one.body)).toEqual([body(2, 'c')])
  })

  it('finds its own again also when the token is not the job’s', async () => {
    const github = new Memory()
    github.me = 'some-app[bot]'
    await keepComment(github, marker, body(1, 'a'))
    await keepComment(github, marker, body(2, 'b'))
    expect(github.comments.map((one) => one.body)).toEqual([body(2, 'b')])
  })

  it('knows its comment when GitHub keeps other line ends', async () => {
    const github = new Memory()
    github.add(bot, body(1, 'a\nb'))
    expect((await keepComment(github, marker, body(1, 'a\nb'))).did).toBe('nothing')
  })
})
