import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import {
  complainAboutBackend,
  defaultProperties,
  formatPropertyPath,
  formatReference,
  parsePropertyPath,
  parseReference,
  setCommand,
} from '../../src/esc/index.ts'

const whole = { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' }

describe('a reference to an environment', () => {
  it.each([
    ['ryan-taylor/default/oceanid-cluster', '', whole],
    ['  ryan-taylor/default/oceanid-cluster\n', '', whole],
    ['default/oceanid-cluster', 'ryan-taylor', whole],
    ['oceanid-cluster', 'ryan-taylor', whole],
    ['ryan-taylor/default/oceanid-cluster', 'ryan-taylor', whole],
    ['ryan-taylor/default/oceanid-cluster@12', '', { ...whole, version: '12' }],
    ['ryan-taylor/default/oceanid-cluster@stable', '', { ...whole, version: 'stable' }],
    ['ryan-taylor/default/oceanid-cluster:12', '', { ...whole, version: '12' }],
    ['ryan-taylor/default/oceanid-cluster@latest', '', whole],
    ['default/oceanid-cluster@3', 'ryan-taylor', { ...whole, version: '3' }],
    ['My_Org/proj.x/9env', '', { organization: 'My_Org', project: 'proj.x', environment: '9env' }],
  ])('%j with organization %j', (text, organization, expected) => {
    expect(parseReference(text, organization)).toEqual(expected)
  })

  it('of two parts without an organization is ambiguous, and both readings are named', () => {
    expect(parseReference('default/oceanid-cluster', '')).toEqual({
      problem:
        'is ambiguous: "default" may be a project, or an organization with the environment in its project default',
      allowed: expect.stringContaining('organization/project/environment'),
      nearest: 'default/default/oceanid-cluster',
    })
  })

  it.each([
    ['', '', 'names no organization'],
    ['oceanid-cluster', '', 'names no organization'],
    ['a/b/c/d', '', 'has 4 parts'],
    ['a/b/c@1@2', '', 'more than one version'],
    ['a/b/c@', '', 'no valid version'],
    ['a/b/c@12x', '', 'no valid version'],
    ['a/b/c@../../x', '', 'no valid version'],
    ['a/../c', '', 'names no project (".." is none)'],
    ['a/./c', '', 'names no project'],
    ['a//c', '', 'names no project'],
    ['a/b/', '', 'names no environment'],
    ['/b/c', '', 'names no organization'],
    ['a/b/c d', '', 'names no environment'],
    ['a/b/c?x=1', '', 'names no environment'],
    ['a/b/%2e%2e', '', 'names no environment'],
    ['a/b/-f', '', 'names no environment'],
    ['a/b/c\u202e', '', '\\u{202e}'],
    ['a/b/c', 'other', 'the input organization says "other"'],
  ])('%j with organization %j: %s', (text, organization, problem) => {
    expect(parseReference(text, organization)).toMatchObject({ problem: expect.stringContaining(problem) })
  })

  it('is written with all three parts, and read again as the same', () => {
    for (const version of [undefined, '12', 'stable']) {
      const reference = version === undefined ? whole : { ...whole, version }
      expect(parseReference(formatReference(reference), '')).toEqual(reference)
    }
    expect(formatReference({ ...whole, version: '12' })).toBe('ryan-taylor/default/oceanid-cluster@12')
  })
})

describe('a property path', () => {
  it.each([
    ['pulumiConfig["oceanid-cluster:kubeconfig"]', ['pulumiConfig', 'oceanid-cluster:kubeconfig']],
    // Pulumi ends a bare element at a dot or a bracket only.
    ['pulumiConfig.oceanid-cluster:kubeconfig', ['pulumiConfig', 'oceanid-cluster:kubeconfig']],
    [' files.KUBECONFIG ', ['files', 'KUBECONFIG']],
    ['["files"].KUBECONFIG', ['files', 'KUBECONFIG']],
    ['["files"]["KUBECONFIG"]', ['files', 'KUBECONFIG']],
    ['root.array[0][12].name', ['root', 'array', 0, 12, 'name']],
    ['root["key with \\"quotes\\""]', ['root', 'key with "quotes"']],
    ['root["a.b"]', ['root', 'a.b']],
    ['root["a\\\\"b"]', ['root', 'a\\"b']],
    ['root["a\\n"]', ['root', 'a\\n']],
    ['root.back\\', ['root', 'back\\']],
    ['["pulumiConfig", "oceanid-cluster:kubeconfig"]', ['pulumiConfig', 'oceanid-cluster:kubeconfig']],
    ['["list", 3]', ['list', 3]],
    ['__proto__.constructor', ['__proto__', 'constructor']],
  ])('%s', (text, path) => {
    expect(parsePropertyPath(text)).toEqual(path)
  })

  it.each([
    ['', 'names no property'],
    ['.files', 'cannot be read from'],
    ['files.', 'has no name'],
    ['files..KUBECONFIG', 'has no name'],
    ['files["KUBECONFIG"]x', 'cannot be read from'],
    ['files["KUBECONFIG', 'no name or index in closed brackets'],
    ['files["KUBECONFIG\\"]', 'no name or index in closed brackets'],
    ['files[KUBECONFIG]', 'no name or index in closed brackets'],
    ["files['KUBECONFIG']", 'no name or index in closed brackets'],
    ['files[""]', 'no name or index in closed brackets'],
    ['files[-1]', 'no name or index in closed brackets'],
    ['files[9999999]', 'index above'],
    ['files"x"', 'cannot be read from'],
    ['files.a b', 'cannot be read from'],
    ['files.a\nb', 'invisible character'],
    ['files["a\u200bb"]', 'invisible character'],
    ['[', 'no name or index in closed brackets'],
    ['["a",', 'no name or index in closed brackets'],
    ['x'.repeat(1025), 'longer than 1024'],
  ])('%j is refused: %s', (text, problem) => {
    expect(parsePropertyPath(text)).toMatchObject({ problem: expect.stringContaining(problem) })
  })

  it('has one canonical text, which is read as the same path', () => {
    expect(formatPropertyPath(['pulumiConfig', 'oceanid-cluster:kubeconfig'])).toBe(
      'pulumiConfig["oceanid-cluster:kubeconfig"]',
    )
    const paths = [['a'], ['a b'], ['a', 0, 'b'], ['$x', '_y'], ['9'], ['q"q', 'b\\'], ['x\\"y'], ['.'], ['a', 'b[0]']]
    for (const path of paths) expect(parsePropertyPath(formatPropertyPath(path))).toEqual(path)
  })

  it('is looked for as configuration of a program first, then in the recipes', () => {
    expect(defaultProperties({ ...whole, project: 'apps' }).map(formatPropertyPath)).toEqual([
      'pulumiConfig["oceanid-cluster:kubeconfig"]',
      'pulumiConfig["apps:kubeconfig"]',
      'files.KUBECONFIG',
      'environmentVariables.KUBECONFIG',
    ])
    expect(defaultProperties({ ...whole, project: 'oceanid-cluster' })).toHaveLength(3)
  })
})

describe('the command that stores a kubeconfig', () => {
  it('is the one that works: a string from a file, without a version', () => {
    const path = ['pulumiConfig', 'oceanid-cluster:kubeconfig']
    expect(setCommand({ ...whole, version: '12' }, path, 'kubeconfig.yaml')).toBe(
      `esc env set ryan-taylor/default/oceanid-cluster 'pulumiConfig["oceanid-cluster:kubeconfig"]' --secret --string --file kubeconfig.yaml`,
    )
  })

  it('means the same words to a shell, whatever they hold', () => {
    const path = ['it\'s $(id) `id` "q"', 'a\\']
    const words = setCommand(whole, path, "-my file's; rm").replace('esc env set ', '')
    const heard = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' }).split('\n')
    expect(heard).toEqual([
      'ryan-taylor/default/oceanid-cluster',
      formatPropertyPath(path),
      '--secret',
      '--string',
      '--file',
      "./-my file's; rm",
      '',
    ])
  })
})

describe('the address of the backend', () => {
  it.each([
    'https://api.pulumi.com',
    'https://pulumi.example.org:8443/api-v1/',
    'http://127.0.0.1:4000',
    'http://[::1]:1/x',
  ])('%s is one', (address) => {
    expect(complainAboutBackend(address)).toBeUndefined()
  })

  it.each([
    ['api.pulumi.com', 'no HTTPS address'],
    ['file:///etc/passwd', 'no HTTPS address'],
    ['http://api.pulumi.com', 'not encrypted'],
    ['http://127.0.0.1.example.org', 'not encrypted'],
    ['https://user:secret@api.pulumi.com', 'holds credentials'],
    ['https://api.pulumi.com/?x=1', 'query'],
    ['https://app.pulumi.com', 'is the console'],
    ['https://api.pulumi.com\n', 'invisible'],
  ])('%j is none: %s', (address, problem) => {
    expect(complainAboutBackend(address)).toMatchObject({ problem: expect.stringContaining(problem) })
  })
})
