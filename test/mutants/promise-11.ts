import type { Mutant } from './model.ts'

const release = 'test/unit/k3s-release.test.ts'
const install = 'test/protocol/k3s-install.test.ts'

/** What runs is what was reviewed. */
export const reviewed: readonly Mutant[] = [
  {
    promise: 11,
    breaks: 'a download is not compared with its checksum',
    file: 'src/k3s/release.ts',
    find: '  if (hash !== sha256)\n    throw',
    replace: "  if (hash === '')\n    throw",
    killedBy: { file: release, name: 'a release of k3s is refused when the download is another file' },
  },
  {
    promise: 11,
    breaks: 'the checksum file is believed whatever GitHub says of it',
    file: 'src/k3s/release.ts',
    find: 'if (description.sha256 !== sha256) {',
    replace: "if (description.sha256 === '') {",
    killedBy: { file: release, name: 'a release of k3s is refused when checksum file and digest disagree' },
  },
  {
    promise: 11,
    breaks: 'a file of the tool cache is not checked',
    file: 'src/k3s/release.ts',
    find: '    if (hash === sha256)\n',
    replace: "    if (hash !== 'unreadable')\n",
    killedBy: {
      file: release,
      name: 'a release of k3s is downloaded again when the tool cache was tampered with, and says so',
    },
  },
  {
    promise: 11,
    breaks: 'the program is checked on the runner only',
    file: 'src/k3s/scripts/apply.sh',
    find: 'if [ "$found" != "$BINARY_SHA256" ]; then',
    replace: 'if [ -z "$found" ]; then',
    killedBy: {
      file: install,
      name: 'what must not happen puts no uploaded file in place that is not the wanted one, and removes it',
    },
  },
  {
    promise: 11,
    breaks: 'the installer is checked on the runner only',
    file: 'src/k3s/scripts/apply.sh',
    find: 'if [ "$found" != "$INSTALLER_SHA256" ]; then',
    replace: 'if [ -z "$found" ]; then',
    killedBy: { file: install, name: 'what must not happen runs no installer that is not the wanted one' },
  },
  {
    promise: 11,
    breaks: 'a third-party action is used by its tag',
    file: '.github/workflows/ci.yml',
    find: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    replace: 'actions/checkout@v7.0.1',
    killedBy: {
      file: 'test/contract/workflow-code.test.ts',
      name: 'code of others is named by full commit SHA with the version beside it; own code by the commit of the file',
    },
  },
  {
    promise: 11,
    breaks: 'the committed bundle is not what the sources give',
    file: 'actions/k3s-join/endings.ts',
    find: "'make its GPU usable, with the action gpu-runtime'",
    replace: "'make its GPU usable'",
    killedBy: { check: 'dist' },
  },
  {
    promise: 11,
    breaks: 'a chunk that nobody committed is not seen',
    file: 'scripts/dist-status.ts',
    find: "'--untracked-files=all', '--ignored=matching'",
    replace: "'--untracked-files=no'",
    killedBy: {
      file: 'test/unit/dist-status.test.ts',
      name: 'dist is stale with a chunk that nobody added, which `git diff` does not see',
    },
  },
  {
    promise: 11,
    breaks: 'what is published is not compared with what was packed and signed',
    file: 'scripts/release/pack.ts',
    find: 'return content !== undefined && sumOf(content) === sum ? [] : [name]',
    replace: 'return content !== undefined ? [] : [name]',
    killedBy: {
      file: 'test/unit/release-notes.test.ts',
      name: 'what is packed is published only as it was packed: a file that is another, is gone, or a line that is no sum',
    },
  },
  {
    promise: 11,
    breaks: 'a version is released twice',
    file: 'scripts/release/publish.ts',
    find: '  if (tagged !== undefined)\n',
    replace: "  if (tagged === '')\n",
    killedBy: {
      file: 'test/unit/release-publish.test.ts',
      name: 'Release changes nothing when main has moved on, or the version is another commit',
    },
  },
  {
    promise: 11,
    breaks: 'packages are installed where a release is signed',
    file: '.github/workflows/release.yml',
    find: '        run: node scripts/release.ts pack "$VERSION" release\n',
    replace: '        run: npm run release -- pack "$VERSION" release\n',
    killedBy: {
      file: 'test/contract/workflow-code.test.ts',
      name: 'code of others of a package reaches neither what signs nor what publishes a release',
    },
  },
]
