package banger.daemon.rpc;

/** Answers the calls of one method. @throws banger.daemon.problem.Problem that becomes the call's error */
interface Handler<P, R> {
    R handle(P params);
}
