package banger.daemon.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An archive built block by block, so that it can say what no honest program would. */
public final class RawTar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public RawTar file(String name, String content) {
        return entry('0', name, "", content);
    }

    public RawTar folder(String name) {
        return entry('5', name, "", "");
    }

    public RawTar link(String name, String target) {
        return entry('2', name, target, "");
    }

    public RawTar hardLink(String name, String target) {
        return entry('1', name, target, "");
    }

    /** An extended header for the next entry. */
    public RawTar pax(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 1;
        while ((length + rest).length() != length) {
            length++;
        }
        return entry('x', "PaxHeaders/x", "", length + rest);
    }

    public RawTar entry(char type, String name, String link, String content) {
        byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
        return header(type, name, link, octal(data.length, 11)).data(data);
    }

    /** A header alone. @param size the field as it stands there */
    public RawTar header(char type, String name, String link, String size) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 124, size);
        put(block, 136, octal(1_000_000_000, 11));
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar\00000");
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        put(block, 148, octal(sum, 6) + "\0 ");
        bytes.writeBytes(block);
        return this;
    }

    public RawTar data(byte[] data) {
        bytes.writeBytes(data);
        bytes.writeBytes(new byte[-data.length & 511]);
        return this;
    }

    /** The archive with its proper end. */
    public InputStream ended() {
        return new ByteArrayInputStream(bytesEnded());
    }

    public byte[] bytesEnded() {
        byte[] body = bytes.toByteArray();
        return Arrays.copyOf(body, body.length + 1024);
    }

    /** What there is so far, as if the sender had died. */
    public byte[] bytesSoFar() {
        return bytes.toByteArray();
    }

    private static void put(byte[] block, int at, String text) {
        byte[] field = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(field, 0, block, at, field.length);
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }
}
