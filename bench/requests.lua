-- Sends the requests of a file, one a line: method, path, cookie, body, marks, with tabs between them.
-- The second argument is the Host; the third is "once" where no request may be sent twice.
-- wrk asks for one request before it begins, and does not send it.
local ready, at, once = {}, -1, false

function init(args)
  local host = args[2]
  once = args[3] == "once"
  for line in io.lines(args[1]) do
    local method, path, cookie, body, marks = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    local headers = { ["Host"] = host, ["X-Forwarded-Proto"] = "https" }
    if marks:find("gzip") then headers["Accept-Encoding"] = "gzip" end
    if marks:find("htmx") then headers["HX-Request"] = "true" end
    if cookie ~= "" then headers["Cookie"] = cookie end
    if method == "POST" then
      headers["Content-Type"] = "application/x-www-form-urlencoded"
      headers["Referer"] = "https://" .. host .. "/"
    else
      body = nil
    end
    ready[#ready + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  at = at + 1
  if at > #ready then
    if once then wrk.thread:stop() end
    at = 1
  end
  return ready[math.max(at, 1)]
end

function done(summary, latency, _requests)
  local errors = summary.errors
  io.write(string.format(
    '\n@@{"requests": %d, "microseconds": %d, "bytes": %d, "p50": %.3f, "p99": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
