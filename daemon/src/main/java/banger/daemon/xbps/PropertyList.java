package banger.daemon.xbps;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads property lists in XML (plist(5)): dicts as maps, arrays as lists, all else as text.
 *
 * <p>Document types and entities are not followed.
 */
final class PropertyList {
    private static final int MAX_DEPTH = 32;

    private PropertyList() {}

    /** The outermost dict. @throws IOException where it is none */
    static Map<?, ?> dict(byte[] xml) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml), "UTF-8");
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && !reader.getLocalName().equals("plist")) {
                    if (value(reader, 0) instanceof Map<?, ?> dict) {
                        return dict;
                    }
                    break;
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException(
                    "it is no property list: "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
        throw new IOException("it is no property list with a dict");
    }

    /** The value whose start tag the reader is at; afterwards it is at the end tag. */
    private static Object value(XMLStreamReader reader, int depth) throws XMLStreamException {
        if (depth > MAX_DEPTH) {
            throw new XMLStreamException("nested deeper than " + MAX_DEPTH);
        }
        return switch (reader.getLocalName()) {
            case "dict" -> {
                Map<String, Object> dict = new LinkedHashMap<>();
                while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
                    String key = reader.getElementText();
                    if (reader.nextTag() != XMLStreamConstants.START_ELEMENT) {
                        throw new XMLStreamException("the key " + key + " has no value");
                    }
                    dict.put(key, value(reader, depth + 1));
                }
                yield dict;
            }
            case "array" -> {
                List<Object> array = new ArrayList<>();
                while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
                    array.add(value(reader, depth + 1));
                }
                yield array;
            }
            case "true", "false" -> {
                String name = reader.getLocalName();
                reader.getElementText();
                yield name;
            }
            default -> reader.getElementText();
        };
    }
}
