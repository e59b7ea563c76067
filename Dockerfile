# The platform with its console, for PostgreSQL and Redis beside it (compose.yaml). The simulator is
# not in it. Debian and not Alpine: the PostgreSQL that npm brings along needs glibc.
FROM node:22-bookworm-slim AS build
WORKDIR /app
ENV NX_DAEMON=false NX_TUI=false
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN npm run build
RUN npx vite build --config tools/commands/vite.config.ts
# Once more, without the tools of development and without what only the console is built from.
RUN --mount=type=cache,target=/root/.npm \
  npm ci --omit=dev --workspace apps/api --no-audit --no-fund

FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
  STRIKEWIRE_HOST=0.0.0.0 \
  PORT=3000 \
  STRIKEWIRE_STATE_DIR=/var/lib/strikewire \
  MALLOC_ARENA_MAX=2 \
  MALLOC_MMAP_THRESHOLD_=131072 \
  MALLOC_TRIM_THRESHOLD_=131072
RUN mkdir -p /var/lib/strikewire && chown node:node /var/lib/strikewire
# Owned by root, so that the platform cannot change itself.
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/apps/api/package.json apps/api/package.json
COPY --from=build /app/apps/api/dist apps/api/dist
COPY --from=build /app/apps/admin/dist apps/admin/dist
# npm run backup, restore, rotate-master-key, reset-password and verify-activity.
COPY --from=build /app/tools/lib/root.mjs tools/lib/root.mjs
COPY --from=build /app/tools/backup.mjs /app/tools/restore.mjs /app/tools/rotate-master-key.mjs tools/
COPY --from=build /app/tools/reset-password.mjs /app/tools/verify-activity.mjs tools/
COPY --from=build /app/tools/commands/run.mjs tools/commands/run.mjs
COPY --from=build /app/tools/commands/dist tools/commands/dist
USER node
VOLUME /var/lib/strikewire
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "apps/api/dist/main.js"]
