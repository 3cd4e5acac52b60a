package banger.wire.rpc;

/** A method of the RPC interface: its name, and the types of its request and its result. */
public record Method<P, R>(String name, Class<P> request, Class<R> result) {}
