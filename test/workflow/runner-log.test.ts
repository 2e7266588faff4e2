import { describe, expect, it } from '@jest/globals'
import { Masks } from '../../rehearsal/workflow/masks.ts'
import { run, stepsOf } from './runner-fixture.ts'

describe('masks', () => {
  it('hide a declared secret as a whole and line by line, in every later line', async () => {
    const key = '-----BEGIN KEY-----\nc2VjcmV0IG9uZQ\nc2VjcmV0IHR3bw\n-----END KEY-----\n'
    const result = await run(
      stepsOf('- env: { KEY: "${{ secrets.KEY }}" }\n  run: echo "$KEY"; echo "x-c2VjcmV0IHR3bw-y"'),
      { secrets: { KEY: key } },
    )
    for (const line of key.trim().split('\n')) expect(result.log).not.toContain(line)
    expect(result.log).toContain('\nx-***-y\n')
  })

  it('hide what add-mask names from then on, also in names of steps, annotations and the summary', async () => {
    const result = await run(
      stepsOf(`
- id: mint
  run: |
    echo "before minted-token"
    echo "::add-mask::minted-token%0Asecond-line"
    echo "after minted-token and second-line"
    echo "::error title=about minted-token::minted-token was refused"
    echo "token minted-token" >> "$GITHUB_STEP_SUMMARY"
    echo "token=minted-token" >> "$GITHUB_OUTPUT"
- name: Use \${{ steps.mint.outputs.token }}
  run: 'true'`),
    )
    expect(result.log).toContain('\nbefore minted-token\nafter *** and ***\n')
    expect(result.log).toContain('── Use *** ──')
    expect(result.annotations).toEqual([{ level: 'error', title: 'about ***', message: '*** was refused' }])
    expect(result.summary).toBe('token ***\n')
    expect(result.jobs[0]?.steps[1]?.name).toBe('Use ***')
  })

  it('keep a secret out of job outputs, with GitHub’s warning', async () => {
    const job = "outputs: { open: '${{ steps.a.outputs.open }}', closed: '${{ steps.a.outputs.closed }}' }"
    const result = await run(
      stepsOf('- id: a\n  run: printf "open=1\\nclosed=x-${{ secrets.S }}\\n" >> "$GITHUB_OUTPUT"', job),
      { secrets: { S: 'hush-hush' } },
    )
    expect(result.jobs[0]?.outputs).toEqual({ open: '1' })
    expect(result.log).toContain("Warning: Skip output 'closed' since it may contain secret.")
  })

  it('become one where they overlap or touch', () => {
    expect(new Masks(['abcd', 'cdef', 'gh']).hide('-abcdefgh-')).toBe('-***-')
    expect(new Masks(['']).hide('untouched')).toBe('untouched')
  })
})

describe('commands in a line of output', () => {
  it('count at the start of a line after spaces, and nowhere else', async () => {
    const result = await run(
      stepsOf(
        '- run: |\n    echo "   ::notice title=N::seen"\n    echo "said ::error::not a command"\n    echo "::unknown::stays"',
      ),
    )
    expect(result.annotations).toEqual([{ level: 'notice', title: 'N', message: 'seen' }])
    expect(result.log).toContain('\nNotice: seen\nsaid ::error::not a command\n::unknown::stays\n')
  })

  it('count in the older form anywhere in a line, which is why remote text must be kept apart', async () => {
    const result = await run(
      stepsOf(
        '- id: a\n  run: |\n    echo "kubelet said ##[set-output name=result;]joined"\n- run: echo "result [${{ steps.a.outputs.result }}]"',
      ),
    )
    expect(result.log).toContain('\nresult [joined]\n')
    expect(result.log).toContain('Warning: The `set-output` command is deprecated')
  })

  it('count behind a lone carriage return, because that ends a line for the runner', async () => {
    const result = await run(stepsOf("- run: printf 'progress\\r::warning::hidden behind it\\n'"))
    expect(result.annotations).toEqual([{ level: 'warning', title: '', message: 'hidden behind it' }])
  })

  it('are off between stop-commands and its token, which is masked', async () => {
    const result = await run(
      stepsOf(`
- run: |
    echo "::stop-commands::a-long-random-token"
    echo "::error::from a hostile host"
    echo "##[set-output name=result]joined"
    echo "::stop-commands::other"
    echo "::other::"
    echo "::A-LONG-RANDOM-TOKEN::"
    echo "::warning::counts again"`),
    )
    expect(result.annotations).toEqual([{ level: 'warning', title: '', message: 'counts again' }])
    expect(result.log).toContain(
      '\n::stop-commands::***\n::error::from a hostile host\n##[set-output name=result]joined\n',
    )
  })

  it('refuse a stop token that is a command, and fail the step', async () => {
    const result = await run(stepsOf('- run: echo "::stop-commands::error"'))
    expect(result.conclusion).toBe('failure')
    expect(result.log).toContain('Error: You cannot use a endToken')
  })

  it('decode percent codes once: %250A stays a text', async () => {
    const result = await run(stepsOf("- run: echo '::error title=a%3Ab%2Cc::one%0Atwo %250A'"))
    expect(result.annotations).toEqual([{ level: 'error', title: 'a:b,c', message: 'one\ntwo %0A' }])
    expect(result.log).toContain('\nError: one\ntwo %0A\n')
  })

  it('show debug only with step debugging, and indent groups', async () => {
    const steps = stepsOf(
      '- run: echo "::debug::deep"; echo "::group::Facts"; echo inside; echo "::endgroup::"; echo outside',
    )
    expect((await run(steps)).log).not.toContain('##[debug]')
    const { log } = await run(steps, { debug: true })
    expect(log).toContain('\n##[debug]deep\n▾ Facts\n    inside\noutside\n')
  })

  it.each(['set-env name=A', 'add-path'])('refuse %s as GitHub does', async (command) => {
    const result = await run(stepsOf(`- run: echo "::${command}::b"`))
    expect(result.conclusion).toBe('failure')
    expect(result.log).toContain('command is disabled')
  })

  it('keep at most ten annotations of a level per step', async () => {
    const result = await run(stepsOf('- run: for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "::warning::$i"; done'))
    expect(result.annotations).toHaveLength(10)
    expect(result.log).toContain('\nWarning: 12\n')
  })
})

describe('files by which a step speaks to the runner', () => {
  it('set variables for later steps, one line or many, and folders before PATH', async () => {
    const result = await run(
      stepsOf(`
- run: |
    printf 'ONE=a=b\\nMANY<<END_OF_IT\\nfirst\\nNOT<<A\\n\\nlast\\nEND_OF_IT\\nNODE_OPTIONS=--inspect\\n' >> "$GITHUB_ENV"
    mkdir bin; printf '#!/bin/sh\\necho found on PATH\\n' > bin/found; chmod +x bin/found
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "not yet [$ONE]"
- run: found; echo "$ONE"; echo "$MANY"; echo "[$NODE_OPTIONS]"`),
    )
    expect(result.log).toContain('\nnot yet []\n')
    expect(result.log).toContain('\nfound on PATH\na=b\nfirst\nNOT<<A\n\nlast\n[]\n')
    expect(result.log).toContain("Error: Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.")
  })

  it('fail the step where the delimiter never comes', async () => {
    const result = await run(stepsOf('- run: echo "A<<END" >> "$GITHUB_ENV"'))
    expect(result.conclusion).toBe('failure')
    expect(result.log).toContain("Error: Invalid value. Matching delimiter not found 'END'")
  })

  it('drop a summary above one mebibyte, with the runner’s words, and keep the others', async () => {
    const result = await run(
      stepsOf(
        '- run: head -c 1048577 /dev/zero | tr "\\0" x >> "$GITHUB_STEP_SUMMARY"\n- run: echo "## Fine" >> "$GITHUB_STEP_SUMMARY"',
      ),
    )
    expect(result.summary).toBe('## Fine\n')
    expect(result.log).toContain(
      'Error: $GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1024k.',
    )
  })
})
