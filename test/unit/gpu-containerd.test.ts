import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { analyseTemplate, readRendered, type TemplateAnalysis } from '../../src/gpu/containerd/index.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/containerd-templates/${name}`, import.meta.url), 'utf8')

const folder = '/var/lib/rancher/k3s/agent/etc/containerd'
const hostText = (name: string, text: string) => ({ path: `${folder}/${name}`, sha256: '', text })
const rendered = (name: string) => hostText('config.toml', fixture(name))
const nvidia = { runtimes: [{ name: 'nvidia', path: '/usr/bin/nvidia-container-runtime' }], defaultRuntime: '' }

function analyse(
  text: string,
  { file = 'config-v3.toml.tmpl', now = 'rendered-v3.toml', version = 'v1.33.4+k3s1', outlook = nvidia } = {},
): TemplateAnalysis {
  return analyseTemplate(hostText(file, text), now === '' ? undefined : rendered(now), version, outlook)
}

const essential = (one: TemplateAnalysis) => one.removes.filter(({ isEssential }) => isEssential).map(({ key }) => key)

describe('what k3s rendered', () => {
  it('is read from the tables of version 3', () => {
    expect(readRendered(fixture('rendered-v3.toml'))).toMatchObject({
      version: 3,
      isOwnText: true,
      runtimes: [
        { name: 'runc', systemdCgroup: true },
        { name: 'runhcs-wcow-process' },
        { name: 'nvidia', binaryName: '/usr/bin/nvidia-container-runtime', systemdCgroup: true },
      ],
      defaultRuntime: '',
      cniBinFolders: ['/var/lib/rancher/k3s/data/cni'],
      cniConfFolder: `/var/lib/rancher/k3s/agent/etc/cni/net.d`,
      snapshotter: 'overlayfs',
      sandboxImage: 'rancher/mirrored-pause:3.6',
      registryPath: `${folder}/certs.d`,
      address: '/run/k3s/containerd/containerd.sock',
      ignored: [],
    })
  })

  it('is read from the tables of version 2', () => {
    expect(readRendered(fixture('rendered-v2.toml'))).toMatchObject({
      version: 2,
      isOwnText: true,
      runtimes: [{ name: 'runc', type: 'io.containerd.runc.v2', systemdCgroup: true }],
      cniConfFolder: '/var/lib/rancher/k3s/agent/etc/cni/net.d',
      snapshotter: 'overlayfs',
      sandboxImage: 'rancher/mirrored-pause:3.6',
      registryPath: `${folder}/certs.d`,
    })
  })

  it('of version 1 has no runtimes, because containerd 2 drops them', () => {
    const read = readRendered(fixture('seed-000.toml.tmpl'))
    expect(read).toMatchObject({ isOwnText: false, runtimes: [], ignored: ['plugins.cri.containerd'] })
    expect(read.version).toBeUndefined()
  })

  it('of version 3 has none in the tables of version 2 either', () => {
    const text = fixture('nvidia-ctk.toml.tmpl').replace('version = 2', 'version = 3')
    expect(readRendered(text)).toMatchObject({
      runtimes: [],
      ignored: ['plugins."io.containerd.grpc.v1.cri".containerd'],
    })
  })

  it.each([
    ['no TOML at all', '<html>log in</html>', 'line 1: '],
    ['a table twice', '[a]\n[a]\n', 'line 2: '],
    ['nested without end', `a = ${'['.repeat(20_000)}`, ''],
  ])('may be %s: it says so and throws nothing', (_name, text, words) => {
    const { problem, runtimes } = readRendered(text)
    expect(problem).toContain(words)
    expect(runtimes).toEqual([])
  })

  it('may hold names of objects, which stay data', () => {
    const text = `version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.__proto__]\nruntime_type = "x"\n[__proto__]\npolluted = true\n[plugins.constructor]\na = 1\n`
    expect(readRendered(text).runtimes.map(({ name }) => name)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('may be nested deeper than any stack', () => {
    const deep = 'a.'.repeat(15_000)
    for (const text of [`version.${deep}b = 1`, `root = [{ ${deep}b = 1 }]`, `[${deep}b]`])
      expect(analyse(text).verdict).toBe('harmful')
  })

  it('may be of odd types everywhere', () => {
    const odd =
      'version = "3"\nimports = "x"\nroot = 7\n[plugins]\n"io.containerd.cri.v1.runtime" = 5\n"io.containerd.grpc.v1.cri" = [1]\n'
    expect(readRendered(odd)).toMatchObject({ runtimes: [], imports: [], root: '', cniBinFolders: [] })
  })
})

describe('a template without k3s’s own text', () => {
  it('of seed 000 removes network, control groups, registries and even its own runtime', () => {
    const found = analyse(fixture('seed-000.toml.tmpl'), { file: 'config.toml.tmpl', now: '' })
    expect(found).toMatchObject({ verdict: 'harmful', hasBase: false, ignored: ['plugins.cri.containerd'] })
    const cri = 'plugins."io.containerd.grpc.v1.cri"'
    expect(found.removes.map(({ key }) => key)).toEqual([
      'version',
      'root',
      'state',
      'grpc.address',
      `${cri}.enable_selinux`,
      `${cri}.enable_unprivileged_ports`,
      `${cri}.enable_unprivileged_icmp`,
      `${cri}.sandbox_image`,
      `${cri}.containerd.snapshotter`,
      `${cri}.containerd.disable_snapshot_annotations`,
      `${cri}.cni.bin_dir`,
      `${cri}.cni.conf_dir`,
      `${cri}.containerd.runtimes.runc.runtime_type`,
      `${cri}.containerd.runtimes.runc.options.SystemdCgroup`,
      `${cri}.registry.config_path`,
      `${cri}.containerd.runtimes.nvidia.runtime_type`,
      `${cri}.containerd.runtimes.nvidia.options.BinaryName`,
      `${cri}.containerd.runtimes.nvidia.options.SystemdCgroup`,
    ])
    expect(found.changes).toMatchObject([
      { key: 'plugins."io.containerd.internal.v1.opt".path', value: '/opt/containerd' },
    ])
    // k3s gives containerd its folders and its socket as arguments, too, with a file of this name.
    expect(essential(found)).not.toContain('grpc.address')
  })

  it('in the names of version 3 makes the same mistake, and loses the socket as well under the newer file name', () => {
    const lost = [
      `plugins."io.containerd.cri.v1.runtime".cni.bin_dir`,
      `plugins."io.containerd.cri.v1.runtime".cni.conf_dir`,
      `plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options.SystemdCgroup`,
      `plugins."io.containerd.cri.v1.images".registry.config_path`,
      `plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia.options.SystemdCgroup`,
    ]
    const older = analyse(fixture('spark.toml.tmpl'), { file: 'config.toml.tmpl' })
    expect([older.verdict, essential(older)]).toEqual(['harmful', lost])
    const newer = analyse(fixture('spark.toml.tmpl'))
    expect([newer.verdict, essential(newer)]).toEqual(['harmful', ['root', 'state', 'grpc.address', ...lost]])
    expect(newer.result).toMatchObject({ defaultRuntime: 'nvidia', runtimes: [{ name: 'nvidia' }] })
  })

  it.each([
    [
      'nvidia-ctk',
      ['cni.bin_dir', 'cni.conf_dir', 'containerd.runtimes.runc.options.SystemdCgroup', 'registry.config_path'],
    ],
    [
      'cvmfs',
      [
        'containerd.runtimes.runc.options.SystemdCgroup',
        'registry.config_path',
        'containerd.runtimes.nvidia.runtime_type',
        'containerd.runtimes.nvidia.options.BinaryName',
        'containerd.runtimes.nvidia.options.SystemdCgroup',
      ],
    ],
  ])('%s', (name, lost) => {
    const found = analyse(fixture(`${name}.toml.tmpl`), { file: 'config.toml.tmpl' })
    expect(found.verdict).toBe('harmful')
    expect(essential(found)).toEqual(lost.map((key) => `plugins."io.containerd.grpc.v1.cri".${key}`))
  })

  it('that is empty removes everything', () => {
    for (const text of ['', '{{/* nothing */}}', '# nothing\n'])
      expect(analyse(text)).toMatchObject({ verdict: 'harmful', changes: [] })
  })

  it('that is a copy of what was rendered is no harm today', () => {
    const found = analyse(fixture('rendered-v3.toml'))
    expect(found).toMatchObject({ verdict: 'harmless', hasBase: false, removes: [], changes: [] })
  })

  it('that manages control groups in another way than the kubelet is harmful', () => {
    const found = analyse(fixture('rendered-v3.toml').replace('SystemdCgroup = true', 'SystemdCgroup = false'), {
      now: '',
    })
    expect(found.verdict).toBe('harmful')
    expect(found.changes.filter(({ isEssential }) => isEssential)).toMatchObject([{ ownValue: 'true', value: 'false' }])
  })

  it('in the shape of k3s’s own template is understood: conditions, loops over runtimes, quoted values', () => {
    const own = fixture('rendered-v3.toml')
      .replace(
        /\[plugins[^\n]*'nvidia'\][\s\S]*?SystemdCgroup = true\n\n(?=\[plugins\.'io\.containerd\.cri\.v1\.images'\.reg)/,
        '',
      )
      .replace('"/run/k3s/containerd"', '{{ printf "%q" .NodeConfig.Containerd.State }}')
      .replace('"overlayfs"', '"{{ .NodeConfig.AgentConfig.Snapshotter }}"')
      .replace(
        'disable_snapshot_annotations = true',
        'disable_snapshot_annotations = {{ if or (eq . "stargz") (eq . "nix") }}false{{else}}true{{end}}',
      )
      .replace(/SystemdCgroup = true/g, 'SystemdCgroup = {{ .SystemdCgroup }}')
    const loop = `
{{ with .NodeConfig.DefaultRuntime }}
[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = "{{ . }}"
{{ end }}
{{- range $k, $v := .ExtraRuntimes }}
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.'{{ $k }}']
  runtime_type = "{{$v.RuntimeType}}"
{{ with $v.BinaryName}}
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.'{{ $k }}'.options]
  BinaryName = {{ printf "%q" . }}
  SystemdCgroup = {{ $.SystemdCgroup }}
{{ end }}
{{ end }}`
    const found = analyse(own + loop)
    expect(found).toMatchObject({ verdict: 'harmless', hasBase: false, removes: [], changes: [] })
    expect(found.result.runtimes.map(({ binaryName }) => binaryName)).toContain('/usr/bin/nvidia-container-runtime')
    expect(found.result.defaultRuntime).toBe('')
    expect(analyse(own + loop, { outlook: { ...nvidia, defaultRuntime: 'nvidia' } }).result.defaultRuntime).toBe(
      'nvidia',
    )
    // Without the loop the runtime that k3s finds is lost.
    expect(essential(analyse(own))).toHaveLength(3)
  })

  it('is judged by the values of this node, not by the usual ones', () => {
    const rootless = fixture('rendered-v3.toml').replaceAll('SystemdCgroup = true', 'SystemdCgroup = false')
    const found = analyseTemplate(
      hostText('config-v3.toml.tmpl', rootless),
      hostText('config.toml', rootless),
      'v1.33.4+k3s1',
      nvidia,
    )
    expect(found.verdict).toBe('harmless')
  })

  it('does not lose a network that k3s does not manage (flannel-backend: none)', () => {
    const text = fixture('rendered-v3.toml').replace(/\[plugins[^\n]*\.cni\]\n.*\n.*\n/, '')
    const found = analyseTemplate(
      hostText('config-v3.toml.tmpl', text),
      hostText('config.toml', text),
      'v1.33.4+k3s1',
      nvidia,
    )
    expect(found.verdict).toBe('harmless')
    expect(analyse(text).verdict).toBe('harmful')
    // What lacks more than that is no text of k3s's, whatever its first line says.
    const edited = text.replaceAll(/ {2}SystemdCgroup = true\n/g, '')
    const copy = analyseTemplate(
      hostText('config-v3.toml.tmpl', edited),
      hostText('config.toml', edited),
      'v1.33.4+k3s1',
    )
    expect(essential(copy).map((key) => key.split('.').at(-1))).toEqual(['bin_dir', 'conf_dir', 'SystemdCgroup'])
  })
})

describe('a template with k3s’s own text', () => {
  it.each([
    ['kata-13678', 'plugins."io.containerd.cri.v1.images"'],
    ['runc-566', 'plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc'],
    ['unprivileged-1444', 'plugins."io.containerd.cri.v1.runtime"'],
  ])('%s repeats a table, so that containerd does not start', (name, table) => {
    expect(analyse(fixture(`${name}.toml.tmpl`))).toMatchObject({
      verdict: 'duplicates',
      hasBase: true,
      duplicates: [table],
    })
  })

  it('that repeats the nvidia runtime does so from the day on which the toolkit is installed', () => {
    const text = `{{ template "base" . }}\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.'nvidia']\n  runtime_type = "io.containerd.runc.v2"\n`
    expect(analyse(text, { now: '', outlook: { runtimes: [], defaultRuntime: '' } }).verdict).toBe('harmless')
    expect(analyse(text, { now: '' }).verdict).toBe('duplicates')
  })

  it('is harmless where it only adds, wherever it stands and however it is written', () => {
    const kata =
      '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.kata]\nruntime_type = "io.containerd.kata.v2"\n'
    for (const base of [
      '{{ template "base" . }}',
      '{{- template `base` $ -}}',
      '# {{template "base" .}}',
      '{{block "base" .}}{{end}}',
    ]) {
      const found = analyse(`${base}\n${kata}`)
      expect([base, found.verdict, found.hasBase]).toEqual([base, 'harmless', true])
      expect(found.result.runtimes.map(({ name }) => name)).toEqual(expect.arrayContaining(['runc', 'nvidia', 'kata']))
    }
    expect(
      analyse(fixture('custom-7991.toml.tmpl'), { file: 'config.toml.tmpl', now: 'rendered-v2.toml' }).verdict,
    ).toBe('harmless')
  })

  it('is one without it where the base stands in a comment, a string, or a branch that is never taken', () => {
    for (const text of [
      '{{/* {{ template "base" . }} */}}',
      '{{ "{{ template \\"base\\" . }}" }} = 1',
      '{{ if false }}{{ template "base" . }}{{ end }}',
      '{{ define "base" }}version = 3{{ end }}',
      '{{ define "mine" }}{{ template "base" . }}{{ end }}',
    ])
      expect([text, analyse(text).hasBase, analyse(text).verdict]).toEqual([text, false, 'harmful'])
    expect(analyse('{{ define "mine" }}{{ template "base" . }}{{ end }}{{ template "mine" . }}').verdict).toBe(
      'harmless',
    )
  })

  it('into whose table k3s’s first keys would fall is harmful', () => {
    const found = analyse('[debug]\nlevel = "debug"\n{{ template "base" . }}')
    expect(found.verdict).toBe('harmful')
    expect(essential(found)).toEqual(['version', 'root', 'state'])
  })
})

describe('a template that k3s or containerd cannot read', () => {
  it.each([
    ['{{ template "base" }}', 'lacks its dot'],
    ['{{ template "other" . }}', 'template "other" is not defined'],
    ['{{ if .X }}a = 1', 'not closed'],
    ['{{ end }}', 'unexpected {{end}}'],
    ['{{ template "base" .', 'unclosed action'],
    ['{{/* a', 'unclosed comment'],
    ['{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}', 'calls itself'],
    ['{{ if .A }}'.repeat(500), 'nested too deeply'],
    ['version = 3\n[plugins', 'line 2'],
    ['version = 99\n', 'up to version 3'],
  ])('%#', (text, words) => {
    const found = analyse(text)
    expect([found.verdict, found.problem]).toEqual(['harmful', expect.stringContaining(words)])
  })

  it('as it is of a later version where containerd knows that', () => {
    expect(analyse('version = 4\n', { version: 'v1.36.1+k3s1' }).problem).toBeUndefined()
    expect(analyse('version = 4\n', { version: 'v1.34.1+k3s1' }).problem).toContain('up to version 3')
  })

  it('is not judged when the survey had to cut it', () => {
    expect(analyse(`# ${'x'.repeat(70_000)}`).verdict).toBe('unknown')
  })

  it('takes no time, whatever is in it', () => {
    const began = process.cpuUsage()
    for (const unit of [
      '{{',
      '{{ "',
      '{{- -}}',
      '}}',
      '{{ if 1 }}{{ else }}',
      '[a.',
      '"',
      '{{ $x := 1 }}',
      '{{ range .ExtraRuntimes }}',
      '{{ x }}',
      'a = "{{ x }}',
    ])
      analyse(unit.repeat(Math.floor(20_000 / unit.length)))
    const doubling = Array.from(
      { length: 40 },
      (_, n) => `{{ define "t${n + 1}" }}{{ template "t${n}" . }}{{ template "t${n}" . }}{{ end }}`,
    )
    expect(
      analyse(`{{ define "t0" }}${'x'.repeat(100)}{{ end }}${doubling.join('')}{{ template "t40" . }}`).problem,
    ).toBe('too long')
    const { user } = process.cpuUsage(began)
    expect(user / 1000).toBeLessThan(3000)
  })
})

it('a release before containerd 2 does not look at the newer file, and renders version 2', () => {
  const older = { version: 'v1.30.9+k3s1', now: 'rendered-v2.toml' }
  expect(analyse(fixture('spark.toml.tmpl'), older).isHeeded).toBe(false)
  expect(analyse(fixture('spark.toml.tmpl'), { ...older, file: 'config.toml.tmpl' }).isHeeded).toBe(true)
  for (const version of ['v1.31.6+k3s1', 'v1.32.2+k3s1', 'v1.33.4+k3s1', 'v1.35.0+k3s1', ''])
    expect([version, analyse('', { version }).isHeeded]).toEqual([version, true])
})
