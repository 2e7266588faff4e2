import { run } from '../index.js'
await run('k3s-join', 'post')
