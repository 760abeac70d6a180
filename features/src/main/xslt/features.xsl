<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes one repository of features of this module's feature.xml and the feature.xml beside each bundle
     of the list. Parts of a feature that has one name in several files become one feature. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:exsl="http://exslt.org/common" xmlns:pom="http://maven.apache.org/POM/4.0.0" xmlns:f="http://karaf.apache.org/xmlns/features/v1.6.0" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0" exclude-result-prefixes="exsl pom f">
  <xsl:output encoding="UTF-8" indent="no"/>
  <!-- URL of the directory of the list of bundles. -->
  <xsl:param name="list"/>

  <xsl:template match="/f:features">
    <xsl:variable name="parts">
      <xsl:copy-of select="f:feature"/>
      <xsl:apply-templates select="document(concat($list, 'pom.xml'))//pom:module"/>
    </xsl:variable>
    <features name="{@name}">
      <xsl:apply-templates select="exsl:node-set($parts)/f:feature"/>
      <xsl:text>&#10;</xsl:text>
    </features>
  </xsl:template>

  <xsl:template match="pom:module">
    <xsl:variable name="file" select="concat($list, ., '/feature.xml')"/>
    <xsl:variable name="found" select="document($file)/f:features/f:feature"/>
    <xsl:if test="not($found)">
      <xsl:message terminate="yes">
        <xsl:value-of select="concat($file, ' is absent or empty; it must say which feature its bundle belongs to')"/>
      </xsl:message>
    </xsl:if>
    <xsl:copy-of select="$found"/>
  </xsl:template>

  <xsl:template match="f:feature">
    <xsl:variable name="same" select="../f:feature[@name = current()/@name]"/>
    <xsl:if test="generate-id() = generate-id($same[1])">
      <xsl:text>&#10;&#10;  </xsl:text>
      <feature version="${{project.version}}">
        <xsl:copy-of select="$same/@*"/>
        <xsl:copy-of select="$same/node()"/>
      </feature>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
