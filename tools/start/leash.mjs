// @ts-check
// The channel to the starting process closes when that is gone: then stop as on a signal. The
// channel itself must not keep a program running that has nothing left to do.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
