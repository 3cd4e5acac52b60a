package banger.daemon.rpc;

import banger.daemon.problem.Problem;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Reply;
import banger.wire.rpc.Request;
import banger.wire.rpc.RpcError;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods that the daemon serves, and how a line becomes a call and its outcome a reply. */
public final class Router {
    private static final System.Logger LOG = System.getLogger(Router.class.getName());

    private record Route<P, R>(Method<P, R> method, StreamHandler<P> handler) {
        boolean call(long id, @Nullable String params, Connection connection) throws IOException {
            P parsed;
            try {
                parsed = JsonLines.read(method.request(), params == null ? "{}" : params);
            } catch (RuntimeException | StackOverflowError e) {
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT, method.name() + " does not take these params: " + reason(e));
            }
            return handler.handle(id, parsed, connection);
        }

        /** The library reads nested values by recursion, and a client may nest as deep as a line is long. */
        private static String reason(Throwable e) {
            return e instanceof StackOverflowError ? "nested too deeply" : String.valueOf(e.getMessage());
        }
    }

    private final Map<String, Route<?, ?>> routes = new HashMap<>();

    <P, R> Router on(Method<P, R> method, Handler<P, R> handler) {
        return onStream(method, (id, params, connection) -> {
            connection.result(id, method, handler.handle(params));
            return true;
        });
    }

    <P, R> Router onStream(Method<P, R> method, StreamHandler<P> handler) {
        routes.put(method.name(), new Route<>(method, handler));
        return this;
    }

    /** Serves one line. @return whether the connection goes on */
    boolean serve(String line, Connection connection) throws IOException {
        Request request;
        try {
            request = JsonLines.readRequest(line);
        } catch (RuntimeException | StackOverflowError e) {
            connection.send(Reply.ofError(
                    null, RpcError.of(ErrorCode.PARSE_ERROR, "this line is not a JSON-RPC request", null)));
            return false;
        }
        if (request.method() == null || !"2.0".equals(request.jsonrpc())) {
            connection.send(Reply.ofError(
                    request.id(),
                    RpcError.of(ErrorCode.INVALID_REQUEST, "expected jsonrpc \"2.0\" and a method", null)));
            return true;
        }
        return call(request, connection);
    }

    private boolean call(Request request, Connection connection) throws IOException {
        Route<?, ?> route = routes.get(request.method());
        if (route == null) {
            var error = RpcError.of(ErrorCode.UNKNOWN_METHOD, "no method \"" + request.method() + "\"", null);
            connection.send(Reply.ofError(request.id(), error));
            return true;
        }
        try {
            return route.call(request.id(), request.params(), connection);
        } catch (Problem e) {
            connection.send(Reply.ofError(request.id(), Errors.of(e)));
            return true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, request.method() + " failed", e);
            var error = RpcError.of(ErrorCode.INTERNAL, "internal failure: " + e, "banger daemon logs");
            connection.send(Reply.ofError(request.id(), error));
            return true;
        }
    }
}
