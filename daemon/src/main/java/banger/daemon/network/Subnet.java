package banger.daemon.network;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IPv4 or IPv6 addresses with one prefix.
 *
 * @param first its lowest address
 * @param prefix how many leading bits its addresses share
 */
public record Subnet(InetAddress first, int prefix) {
    private static final int BYTE_BITS = 8;
    /** 240.0.0.0 and up. */
    private static final int FIRST_RESERVED = 240;

    /** @throws IllegalArgumentException where it is no range that begins at its lowest address */
    public Subnet {
        int bits = first.getAddress().length * BYTE_BITS;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("a prefix of " + prefix + " bits");
        }
        if (!cut(first, prefix).equals(first)) {
            throw new IllegalArgumentException(
                    first.getHostAddress() + " is inside the range, expected its lowest address, "
                            + cut(first, prefix).getHostAddress());
        }
    }

    /** Of text such as {@code 10.209.0.0/22}. @throws IllegalArgumentException that says what is wrong with it */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length, such as /22");
        }
        return new Subnet(InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The range of that many bits' prefix in which the address is. */
    static Subnet around(InetAddress address, int prefix) {
        return new Subnet(cut(address, prefix), prefix);
    }

    public boolean isV4() {
        return first.getAddress().length == 4;
    }

    /** Whether hosts may have its addresses: the ends of IPv4's space and some of its middle have other uses (RFC 6890). */
    public boolean isForHosts() {
        int begin = first.getAddress()[0] & 0xff;
        boolean special = first.isLoopbackAddress() || first.isLinkLocalAddress() || first.isMulticastAddress();
        return !isV4() || !special && begin != 0 && begin < FIRST_RESERVED;
    }

    public boolean overlaps(Subnet other) {
        if (isV4() != other.isV4()) {
            return false;
        }
        int shared = Math.min(prefix, other.prefix);
        return cut(first, shared).equals(cut(other.first, shared));
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && cut(address, prefix).equals(first);
    }

    /** The address that many above its lowest. */
    public InetAddress address(int number) {
        return address(number(first).add(BigInteger.valueOf(number)), first.getAddress().length);
    }

    /** How many addresses guests may have: all but the lowest, the host's own and the highest; at most 65,535. */
    int guests() {
        int bits = first.getAddress().length * BYTE_BITS - prefix;
        return bits > 16 ? 65_535 : (1 << bits) - 3;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefix;
    }

    private static InetAddress cut(InetAddress address, int prefix) {
        int bytes = address.getAddress().length;
        BigInteger number = number(address);
        int rest = bytes * BYTE_BITS - prefix;
        return address(number.shiftRight(rest).shiftLeft(rest), bytes);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int bytes) {
        byte[] raw = new byte[bytes];
        byte[] digits = number.toByteArray();
        int length = Math.min(bytes, digits.length);
        System.arraycopy(digits, digits.length - length, raw, bytes - length, length);
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
