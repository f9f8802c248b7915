# nginx -t warns of what works but tells more about citizens than they chose.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

sub says {
    my ($http, %o) = @_;

    my ($ok, $said) = $t->check("%%CONSENT%%\n$http", level => 'notice', %o);
    ok($ok, 'taken') or diag $said;

    return $said;
}

my $pages = 'location /.privacy/ { consent_pages; }';
my $pass = 'proxy_pass http://127.0.0.1:%%PORT_1%%;';
my $listen = 'listen 127.0.0.1:%%PORT_0%%; server_name portal.example;';

unlike(says("server { $listen $pages location / { consent on; $pass } }"),
    qr{\[warn\]}, 'a plain configuration gives no warning');

# a server's own rewrite directives

for my $line ('set $a $arg_pnr;', 'if ($cookie_pnr) { set $a 1; }',
    'rewrite ^/x /y?p=$arg_personnummer;', 'set $a "x${http_x_personnummer}";',
    'set $a $args;', 'set $a $request_uri;', 'if ($http_cookie ~ x) { set $a 1; }')
{
    like(says("server { $listen $line $pages location / { consent on; $pass } }"),
        qr{\[warn\].*server "portal\.example" in \S+:\d+ reads \$\w+ in set, if or rewrite},
        $line);
    unlike(says("server { $listen $line location / { $pass } }"),
        qr{\[warn\]}, 'but not where nothing is taken out');
    unlike(says("server { $listen $pages location / { $line consent on; $pass } }"),
        qr{\[warn\]}, 'nor in a location');
}

unlike(says("server { $listen set \$a \$arg_page; $pages location / { consent on; $pass } }"),
    qr{\[warn\]}, 'an argument that carries nothing');

# the client's address

for my $line ('proxy_set_header X-Real-IP $remote_addr;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header Forwarded "for=${remote_addr};proto=https";')
{
    like(says("server { $listen $line $pages location / { consent on; $pass } }"),
        qr{\[warn\].*hands the client's address to the upstream of location "/"}, $line);
    unlike(says("server { $listen $pages location / { consent on; $pass } location /y { $line $pass } }"),
        qr{\[warn\]}, 'but not from a location that is off');
}

like(says("server { $listen $pages location / { consent on; fastcgi_pass 127.0.0.1:1; "
    . 'fastcgi_param REMOTE_ADDR $remote_addr; } }'),
    qr{\[warn\].*"fastcgi_param REMOTE_ADDR" hands the client's address}, 'FastCGI too');
unlike(says("server { $listen proxy_set_header X \$consent_remote_addr; $pages "
    . "location / { consent on; $pass } }"), qr{\[warn\]}, 'a truncated address is fine');

my $said = says("proxy_set_header X-Real-IP \$remote_addr; server { $listen $pages "
    . join('', map { "location /$_ { consent on; $pass }" } 1 .. 5) . '}');
is(scalar(() = $said =~ /hands the client's address/g), 1, 'what is inherited is said once');

# logs

like(says("server { $listen $pages location / { consent on; error_log %%DIR%%/e.log debug; $pass } }"),
    qr{\[warn\].*error_log at level debug}, 'debug lines');
unlike(says("server { $listen $pages location / { consent on; $pass } "
    . "location /y { error_log %%DIR%%/e.log debug; } }"), qr{\[warn\]}, 'elsewhere they do not matter');

like(says("server { $listen $pages location / { consent on; error_log %%DIR%%/e.log info; $pass } }"),
    qr{\[warn\].*error_log at level info}, 'lines of what nginx refuses');
like(says("error_log %%DIR%%/e.log info; server { $listen $pages location / { consent on; $pass } }"),
    qr{\[warn\].*error_log at level info}, 'also of all servers');
like(says("server { $listen $pages location / { consent on; $pass } }", level => 'info'),
    qr{\[warn\].*error_log at level info}, 'or of nginx');
unlike(says("server { $listen $pages location / { consent on; error_log %%DIR%%/e.log notice; $pass } }", level => 'info'),
    qr{\[warn\]}, 'a quieter one of a server is enough');

like(says("log_format f '\$remote_addr \$arg_pnr'; server { $listen $pages location / { consent on; $pass } }"),
    qr{\[warn\].*log_format "f" writes \$arg_pnr}, 'a log of values');
like(says("log_format f '\$request_body'; server { $listen $pages location / { consent on; $pass } }"),
    qr{\[warn\].*log_format "f" writes \$request_body}, 'a log of bodies');
unlike(says("log_format f '\$remote_addr \$status \$arg_page'; server { $listen $pages "
    . "location / { consent on; $pass } }"), qr{\[warn\]}, 'a log of anything else');

# error pages

like(says("server { $listen error_page 400 404 414 = \@down; location \@down { $pass } $pages location / { consent on; $pass } }"),
    qr{\[warn\].*"error_page 400 \@down" of server "portal\.example".*\n.*\[warn\].*"error_page 414 \@down"}, 'a named location for what cannot be read');
unlike(says("server { $listen error_page 400 /down; error_page 404 502 \@down; location \@down { $pass } $pages location / { consent on; $pass } }"),
    qr{\[warn\]}, 'a path, or another error');

# marks that mark nothing

like(says("server { $listen $pages location / { consent_ai on; $pass } location /x { consent on; } }"),
    qr{\[warn\].*"consent_ai" in \S+:\d+ has no effect: consent is off there}, 'an AI that nobody is told of');
$said = says("server { $listen consent_ai on; $pages location / { $pass } location /x { $pass } }");
is(scalar(() = $said =~ /"consent_ai" in \S+ has no effect/g), 1, 'wherever it answers, said once');
unlike(says("server { $listen consent on;\n consent_ai on; $pages location / { $pass } location /x { consent off; $pass } }"),
    qr{\[warn\]}, 'one of a server where a location is off');
unlike(says("server { $listen $pages location / { consent report until=2030-01-01; consent_ai on; $pass } }"),
    qr{\[warn\]}, 'nor while it is only counted');

# requests to be contacted

my $two = sub {
    return join ' ', map {
        "server { listen 127.0.0.1:%%PORT_0%%; server_name in$_; location /.privacy/ { consent_pages; consent_handoff_pass /$_; } }"
    } @_;
};
like(says($two->('a', 'b')), qr{\[warn\].*"consent_handoff_pass /b" of server "inb" is not used: "/a" of an earlier server},
    'two ways under one policy');
unlike(says($two->('a', 'a')), qr{\[warn\].*consent_handoff_pass}, 'the same in two servers');

# time

like(says("server { $listen $pages location / { consent report until=2020-01-01; $pass } }"),
    qr{\[warn\].*"consent report" has ended at 2020-01-01: consent is on}, 'a report that has ended');

done_testing();
