# A path that holds the data itself is refused however it is written, and its value stands in no log.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy(sub {
    my ($identity) = grep { $_->{id} eq 'identity' } @{$_[0]{categories}};
    push @{$identity->{carriers}{paths}}, '/arkiv/*/fil', '/djup/**';
});

# at level info nginx itself logs requests that it cannot read, before any module

$t->run(<<'EOT', level => 'notice');
    %%CONSENT%%
    log_format all '$request|$request_uri|$uri|$document_uri|$args|$http_referer|$status';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        access_log %%DIR%%/access.log all;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /gone/ { proxy_pass http://127.0.0.1:%%PORT_9%%; }
        location ~ ^/(person|arkiv)/ { root %%DIR%%/nothing; }
        location ~ ^/djup/(?<who>[^/]+) { proxy_set_header X-Who $who; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_3%%;
        merge_slashes off;
        access_log %%DIR%%/access.log all;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%/under/; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);

my @paths = ('/person/%s', '/Person/%s', '/PERSON/%s', '/person/%s/', '/person//%s', '//person/%s', '/./person/%s', '/x/../person/%s',
    '/person/./%s', '/%%70erson/%s', '/%%50%%45%%52%%53%%4f%%4e/%s', '/%%2570erson/%s', '/person%%2f%s', '/person%%2F%s', '/person%%252f%s',
    '/person;a=b/%s', '/person;/%s', '/person/%s;v=1', '/person/%s?q=1', '/person/%s#x',
    '/person/x/../%s', '/person/%%2e/%s', '/x/%%2e%%2e/person/%s', '/x%%2f..%%2fperson/%s', '/.//person/%s',
    '/arkiv/%s/fil', '/arkiv/%s/FIL', '/arkiv/%s//fil', '/arkiv/%s/fil/', '/djup/%s', '/djup/a/b/%s', '/Djup/%s/c', '/djup/%s;a/c',
    '/sok;pnr=%s', '/sok;a=1;PNR=%s/x', '/sok;%%70nr=%s', '/a;pnr=%s/b;c/d', '/sok%%3Fpnr=%s', '/sok%%3bpnr%%3d%s', '/sok%%26pnr=%s',
    '/sok%%3fa=1%%26pnr=%s', '/sok%%253Fpnr=%s', '/sok;pnr[]=%s', '/gone/..//person/%s', '/person/%s%%20', '/person/%%20%s', '/person/a%%09%s',
    '/person%%5c%s', '/person\\%s', '/person%%255c%s', '/;a/person/%s', '/x/..;/person/%s', '/x/..%%3b/person/%s', '/x\\..\\person/%s',
    '/person%%u002f%s', '/person%%c0%%af%s', '/person%%ef%%bc%%8f%s', '/%%ef%%bd%%90erson/%s', '/%%252570erson/%s', '/person./%s',
    '/person%%20/%s', '/person/;%s', '/person;a=b;c=d/;e/%s', '/.../person/%s', '/person/%s/../../x', '/person/%s%%2f..%%2f..%%2fx',
    '/person/%s%%2f1', '/person/%s%%5c1', '/person%%3f/%s', '/person%%2500x/%s', '/x/%%252e%%252e/person/%s', '//x.example/person/%s');

for my $form (@paths) {
    for my $port (0, 3) {
        my $path = sprintf $form, $c->value("$form at $port");
        my $r = $t->http("GET $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: application/json\r\n\r\n", port => $port);
        ok($r->status == 403 || $r->status == 400, "$form: " . $r->status);
        is_deeply([$c->found("$r")], [], 'and the answer does not have it');
        is_deeply([map { $c->found("$_") } $up->requests], [], 'nor does the upstream');
        $up->clear;
    }
}

my $r = $t->get(sprintf('/person/%s', $c->value('h2')), port => 2, version => 2);
is($r->status, 403, 'over HTTP/2');
$r = $t->http(sprintf "GET http://x/person/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", $c->value('absolute'));
is($r->status, 403, 'with a host in the line');

for my $value ('/person/%s', '%%2Fperson%%2F%s', 'https%%3A%%2F%%2Fx.example%%2Fperson%%2F%s%%3Fq', '%%252Fx%%252F..%%252Fperson%%252F%s') {
    $r = $t->get(sprintf("/login?a=1&next=$value&b=2", $c->value("next $value")));
    is($r->status, 200, "a path in an argument: $value");
    is($up->last->uri, '/login?a=1&b=2', 'goes with it');
}

for my $fragment ('/person/%s', '/../person/%s', '!/person/%s', '%%2fperson%%2f%s') {
    is($t->get('/x?q=1#' . sprintf($fragment, $c->value("fragment $fragment")))->status, 200, "a path in a fragment: $fragment");
    is($up->last->uri, '/x?q=1', 'goes with it');
}

for my $method ('HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND') {
    is($t->request($method, '/person/' . $c->value($method))->status, 403, $method);
}

$t->quit;
is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

done_testing;
