package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.json.Json;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Makes JSON of an XML document. Attributes and namespaces are left out. */
final class XmlTree {
  private static final ErrorCode MALFORMED =
      new ErrorCode("MalformedXML", 400, ErrorCode.Fault.CLIENT);

  private XmlTree() {}

  /**
   * The document as an object with one member, the root element.
   *
   * @throws ServiceException MalformedXML if it is not well formed, has a document type, or is too
   *     deep
   */
  static ObjectNode json(byte[] xml, Shape shape, HeapCount memory) {
    long tags = 0;
    for (byte b : xml) {
      tags += b == '<' ? 1 : 0;
    }
    memory.take(WireTree.NODE_BYTES * tags + 2L * xml.length);
    WireTree document = new WireTree();
    try {
      read(xml, document);
    } catch (XMLStreamException e) {
      throw malformed("the body is not XML: line " + e.getLocation().getLineNumber());
    }
    JsonNode json = ShapedJson.of(document, shape);
    return json instanceof ObjectNode object ? object : Json.object();
  }

  // Without document types there are no entities but those of XML itself.
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    return factory;
  }

  private static void read(byte[] xml, WireTree document) throws XMLStreamException {
    XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(xml));
    Deque<WireTree> open = new ArrayDeque<>();
    open.push(document);
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (open.size() > WireTree.MAX_DEPTH) {
            throw malformed(
                "the body has more than " + WireTree.MAX_DEPTH + " elements in another");
          }
          WireTree element = new WireTree();
          open.element().add(reader.getLocalName(), element);
          open.push(element);
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            open.element().text += reader.getText();
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw malformed("the body has a document type; send it without");
        default -> {
          // Comments, processing instructions and the end of the document say nothing.
        }
      }
    }
  }

  private static ServiceException malformed(String message) {
    return new ServiceException(MALFORMED, message);
  }
}
