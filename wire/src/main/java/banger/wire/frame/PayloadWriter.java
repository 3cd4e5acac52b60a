package banger.wire.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Builds a payload field by field. */
public final class PayloadWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    public PayloadWriter u8(int value) {
        bytes.write(value);
        return this;
    }

    public PayloadWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public PayloadWriter u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    public PayloadWriter u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    public PayloadWriter raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    public PayloadWriter bytes(byte[] value) {
        return u32(value.length).raw(value);
    }

    public PayloadWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public PayloadWriter strings(Collection<String> values) {
        u32(values.size());
        values.forEach(this::string);
        return this;
    }

    public int size() {
        return bytes.size();
    }

    public byte[] payload() {
        return bytes.toByteArray();
    }

    public Frame frame(int channel, FrameType type) {
        return new Frame(channel, type, payload());
    }
}
