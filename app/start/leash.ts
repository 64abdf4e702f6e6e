/** Loaded into every process of ours: when the one that started it is gone, however that came, it ends itself. */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 10_000).unref()
})
// Listening must not keep alive a process that has nothing else to do.
process.channel?.unref()
