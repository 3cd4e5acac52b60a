package banger.wire.frame;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a payload in order; whatever does not fit is malformed. */
public final class PayloadReader {
    private final ByteBuffer bytes;

    public PayloadReader(byte[] payload) {
        bytes = ByteBuffer.wrap(payload);
    }

    public int u8() throws MalformedFrameException {
        return require(1).get() & 0xff;
    }

    public int u16() throws MalformedFrameException {
        return require(2).getShort() & 0xffff;
    }

    public long u32() throws MalformedFrameException {
        return require(4).getInt() & 0xffff_ffffL;
    }

    public long u64() throws MalformedFrameException {
        return require(8).getLong();
    }

    public byte[] raw(int count) throws MalformedFrameException {
        byte[] result = new byte[count];
        require(count).get(result);
        return result;
    }

    public byte[] bytes() throws MalformedFrameException {
        long count = u32();
        if (count > bytes.remaining()) {
            throw new MalformedFrameException("field of " + count + " bytes in " + bytes.remaining());
        }
        return raw((int) count);
    }

    public String string() throws MalformedFrameException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes()));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFrameException("text that is not UTF-8");
        }
    }

    public List<String> strings(int most) throws MalformedFrameException {
        long count = u32();
        if (count > most) {
            throw new MalformedFrameException("list of " + count + " items, at most " + most);
        }
        List<String> result = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            result.add(string());
        }
        return List.copyOf(result);
    }

    /** Whether there are fields that have not been read. */
    public boolean hasMore() {
        return bytes.hasRemaining();
    }

    /** Says that all fields were read; bytes left over are malformed. */
    public void end() throws MalformedFrameException {
        if (bytes.hasRemaining()) {
            throw new MalformedFrameException(bytes.remaining() + " bytes behind the last field");
        }
    }

    private ByteBuffer require(int count) throws MalformedFrameException {
        if (bytes.remaining() < count) {
            throw new MalformedFrameException("payload ends inside a field");
        }
        return bytes;
    }
}
