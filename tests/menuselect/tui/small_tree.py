"""A small tree with one member of each kind."""

from __future__ import annotations

TREE = """\
<?xml version="1.0"?>
<menu name="Asterism Module Selection">
<category name="MENUSELECT_APPS" displayname="Applications">
<member name="app_dial" displayname="Dialing Application"><depend>res_features</depend>
<support_level>core</support_level></member>
<member name="app_echo" displayname="Simple Echo Application"><support_level>core</support_level></member>
<member name="app_mysql" displayname="Simple Mysql Interface"><depend>mysqlclient</depend>
<defaultenabled>no</defaultenabled><support_level>deprecated</support_level><replacement>func_odbc</replacement>
<deprecated_in>1.8</deprecated_in><removed_in>19</removed_in></member>
</category>
<category name="MENUSELECT_RES" displayname="Resource Modules">
<member name="res_curl" displayname="cURL Resource Module"><depend>curl</depend><use>openssl</use>
<support_level>core</support_level></member>
<member name="res_config_curl" displayname="Realtime Curl"><depend>res_curl</depend>
<support_level>extended</support_level></member>
<member name="res_features" displayname="Call Features"><use autoselect="yes">res_clock</use>
<support_level>core</support_level></member>
<member name="res_clock" displayname="Clock"><support_level>core</support_level></member>
<member name="res_sundial" displayname="Sundial"><defaultenabled>no</defaultenabled><conflict>res_clock</conflict>
<support_level>extended</support_level></member>
</category>
<category name="MENUSELECT_CFLAGS" displayname="Compiler Flags" positive_output="yes">
<member name="DEBUG_THREADS" displayname="Enable Thread Debugging"><support_level>option</support_level></member>
</category>
<category name="MENUSELECT_MOH" displayname="Music On Hold" positive_output="yes" exclusive="yes">
<member name="MOH-WAV" displayname="Music, WAV"><support_level>core</support_level></member>
<member name="MOH-ULAW" displayname="Music, u-Law"><support_level>core</support_level></member>
</category>
</menu>
"""

DEPS = "CURL=1\nMYSQLCLIENT=0\nOPENSSL=0\n"
