import { run } from '../index.js'
await run('gpu-runtime', 'main')
